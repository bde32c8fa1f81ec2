"""Chinese sentences of the evaluation's command line."""

ABOUT = "评测：答得对不对、引得准不准、该拒的拒了没有、快不快，并与自己搭一套的常见做法并排比较。"
WHAT = (
    "run 随附问题的完整评测（默认）；bench 第三方题集；adversarial 对抗性题目；"
    "obedient 假想大模型照攻击者说的写；generated 有无大模型的对照（需设置 KBQA_LLM）；clauses 条款的地址与意思；"
    "mutations 改错一处的句子查得出多少；"
    "compare 比较两次评测；speed 逐步计时；start 网页多久打开、多久能答；scale 规模增大时的代价"
)
EXAMPLES = """例：
  python -m eval                      几分钟：表格、eval/runs/ 里的 JSON、eval/report/index.html
  python -m eval --quick              只评本产品（测试集全部、开发集三分之一），与已提交的基准比较，有退步则退出码为 1
  python -m eval bench fincuge fineva
  python -m eval compare eval/runs/A.json eval/runs/B.json
  python -m eval scale --sizes 1000,10000,100000"""
NAMES = "bench 的题集名（默认全部），或 compare 的两个 JSON 文件"
SPLIT = "dev 供调整时看，test 供报告，默认两组都评"
QUICK = "只评本产品，不建对照系统，不出网页报告，与基准比较"
ACCEPT = "把这次的数字定为新的基准（eval/baseline.json）"
SIZES = "scale 的段落数，用逗号隔开，默认 1000,10000"
RUN_WRITTEN = "本次评测已存为 {path}"
REPORT_WRITTEN = "报告：{path}"
BASELINE_ACCEPTED = "已更新基准 eval/baseline.json"
FALLEN = "退步：{split} {kind} {measure} 应为 {wanted}，实为 {found}"
GATE_OPEN = "与基准相比没有退步"
GATE_CLOSED = "有数字低于基准；确属有意的改变，请用 --accept 更新基准后一并提交。"
BENCH_UNKNOWN = "不认识的题集 {names}；可用的题集有：{known}。"
COMPARE_TWO = "compare 需要两个评测结果文件，例如：python -m eval compare eval/runs/A.json eval/runs/B.json"
BUILD_FAILED = "入库没有成功（退出码 {code}），请看上面的报错，处理后重新执行同一条命令。"

# --- why a case was scored as it was ---
WHY_ANSWERED = "知识库没有依据，却作了回答"
WHY_REFUSED = "有依据而没有作答：{reason}"
WHY_VALUE = "缺少应有的内容：{value}"
WHY_ITEM = "漏了一项：{item}"
WHY_MUST_NOT = "含有不该出现的内容：{value}"
WHY_UNSUPPORTED = "出处里没有的数字：{value}"
WHY_QUOTE = "没有引用应引的原文：{quote}"

# --- progress ---
STAGE_SPEED = "逐题计时"
STAGE_BASELINE = "建立对照系统"

# --- question sets outside the repository ---
BENCH_MISSING = "没有找到第三方题集 {name}（{path}），已跳过。"
BENCH_SKIPPED = "题集 {name}：有 {count} 个问题过长或无法识别，没有提问。"
STAGE_BENCH_BUILD = "为题集 {name} 建立索引"

# --- adversarial questions ---
SAMPLE = "generated：只取约这么多题（均匀抽取），0 为全部"
GENERATED_NO_LLM = "没有设置 KBQA_LLM，无法对照；请先按 docs/llm.md 接入大模型。"
GENERATED_ASKING = "有无大模型的对照"
OBEDIENT_LINE = (
    "照攻击者说的写的大模型，{asked} 题：显示出来的暗号 {canaries} 处，外部地址 {outside} 处，"
    "没有出处的引用号 {unmapped} 个，没有依据的数字 {figures} 个"
)
OBEDIENT_BREACH = "  {id}：{figures}"
ADVERSARIAL_MISSING = "没有找到对抗性题目（{path}），已跳过"
ADVERSARIAL_UNASKED = {
    "filename": "考的是文件名，不是问题",
    "config": "考的是配置，不是问题",
}
ADVERSARIAL_LINE = "{category}：通过 {passed}/{count}"
ADVERSARIAL_SKIPPED = "未提问：{reason}（{count} 题）"
WHY_PATTERN_MISSING = "没有出现应有的内容：{pattern}"

# --- clauses of official texts ---
STAGE_CLAUSES = "按条款提问"
CLAUSES_MISSING = "没有找到法规文本（{path}），已跳过"
CLAUSES_ADDRESS = "{split} 按地址：对 {rate}"
CLAUSES_MEANING = (
    "{split} 按意思：首条引文所在条 {first}；前两条 {second}；首个段落 {passage_first}；前两个段落 {passage_second}"
)

# --- changed sentences ---
STAGE_MUTATIONS = "取答对的句子"
MUTATION_SETS = {"verbatim": "原句", "tuned": "改写（调整用）", "unseen": "改写（未见）"}
MUTATION_KINDS = {
    "digit": "改数字",
    "scale": "改万、亿",
    "unit": "改单位",
    "approximation": "改约、超、不足",
    "year": "改年份",
    "month": "改月份",
    "article": "改条款号",
    "doc_number": "改文号",
    "exchanged": "两个数对调",
    "negation_dropped": "删“不”“未”",
    "negation_added": "加“不”“未”",
    "modality": "应当、可以、不得互换",
    "scope": "以上、以下、全部、部分互换",
    "direction": "上升、下降互换",
    "region": "换地区",
    "institution": "换机构",
    "subject": "换主体或指标",
    "title": "换文件名",
    "figures": "数字类合计",
    "rest": "其余合计",
    "flagged": "未改的句子被误判",
}
MUTATION_HEAD = "改动 | {verbatim} | {tuned} | {unseen}"
MUTATION_LINE = "{kind} | {verbatim} | {tuned} | {unseen}"
MUTATION_DETAILS = "—— {name}：漏掉的和误判的 ——"
MUTATION_MISSED = "漏（{kind}）：{text}"
MUTATION_WRONGLY = "误：{text}（{faults}）"
