"""Chinese sentences of the evaluation's command line."""

ABOUT = "用随附的问题评测问答：questions 逐题核对，speed 逐题计时，start 给网页启动计时。"
WHAT = "questions 答得对不对；speed 答得快不快；start 网页多久打开、多久能答、占多少内存"
SPLIT = "dev 供调整时看，test 供报告"
FAILURES = "同时列出答错的题"
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
ADVERSARIAL_MISSING = "没有找到对抗性题目（{path}），已跳过"
ADVERSARIAL_UNASKED = {
    "document": "需要先把题中的文档入库",
    "filename": "考的是文件名，不是问题",
    "config": "考的是配置，不是问题",
}
ADVERSARIAL_LINE = "{category}：通过 {passed}/{count}"
ADVERSARIAL_SKIPPED = "未提问：{reason}（{count} 题）"
WHY_PATTERN_MISSING = "没有出现应有的内容：{pattern}"
