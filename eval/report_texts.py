"""Chinese sentences of whatever shows a run: the page, its plots, the terminal and the comparison."""

# --- names ---
TITLE = "评测报告"
SCALE_TITLE = "规模报告"
CORPORA = {"kb": "自带知识库"}
SPLITS = {"dev": "开发集", "test": "测试集", "all": "全部题目"}
KINDS = {
    "all": "全部",
    "number": "数字",
    "document": "文件",
    "definition": "定义",
    "list": "列举",
    "how": "怎么办",
    "compare": "比较",
    "statistics": "统计",
    "follow_up": "追问",
    "false_premise": "错误前提",
    "near_domain": "近题无据",
    "out_of_domain": "无关问题",
}
KIND_NOTES = {
    "near_domain": "问的是同一领域，但资料里恰好没有这一项；正确的做法是不答。",
    "out_of_domain": "与县域金融无关；正确的做法是不答。",
    "false_premise": "问题里带着错误的说法；正确的做法是给出资料里的说法。",
    "follow_up": "接着前一问追问，单看这一句不完整。",
}
OUTCOMES = {"right": "答对", "refused": "未作答", "wrong": "答错", "none": "不判"}
GROUPS = {"retrieval": "检索", "answer": "回答", "refusal": "该不该答", "time": "耗时"}
UNANSWERED = "—"
INTERVAL = "95% 区间"

# --- measures: label and one line of explanation ---
MEASURES = {
    "hit@1": ("首段命中", "排在第一的段落里，就有能证明答案的原文。"),
    "hit@5": ("前五段命中", "前五个段落里，有能证明答案的原文。"),
    "recall@10": ("前十段找全", "答案需要几处原文，前十个段落里找到了几成。"),
    "mrr@10": ("MRR@10", "第一处正确原文排得多靠前：第一位记 1，第二位记 1/2，依此类推，前十位没有记 0。"),
    "ndcg@10": ("nDCG@10", "几处原文是否都排在前面；1 是最理想的次序。"),
    "evidence@5": ("前五段证据", "标准原文的句子，有几成出现在前五段的文字里；与段落怎样切分无关。"),
    "doc_hit@1": ("首个文件命中", "排在第一的段落出自正确的文件。"),
    "right": (
        "答对",
        "应有的数值和项目都在，没有不该有的内容，没有出处里找不到的数字；"
        "没有数值和项目可核的题，看是否引用了应引的原文。有依据而未作答，也算没有答对。",
    ),
    "values": ("应有内容", "应有的数值或说法，回答写出了几成；单位换一种写法也算。"),
    "number_right": (
        "其中：数字题",
        "只看问数字和日期的题：数值都写对、没有多余错误的比例；有依据而没有作答也算不对。",
    ),
    "f1": ("字符 F1", "回答与标准答案的字符重合程度，与公开数据集的算法相同。"),
    "items_recall": ("列举找全", "应列的各项，回答列出了几成。"),
    "items_precision": ("列举不多列", "回答的各句里，属于应列各项的占几成。"),
    "unsupported": ("含无出处数字", "回答里至少有一个数字，在它所引的原文里找不到。"),
    "citation_precision": (
        "引用得当",
        "每一条引用里，确实支持那句话的占几成（ALCE 的算法，用字符重合代替语言模型判断）。",
    ),
    "citation_recall": ("句句有据", "每一句话里，被所引原文支持的占几成（同上）。"),
    "verbatim": ("逐字引用", "回答的句子里，与所引原文一字不差的占几成。"),
    "layers_mixed": ("层级混淆", "回答里至少有一句，被归到了与其出处不同的层级。"),
    "refused_out_of_domain": ("无关问题不答", "与县域金融无关的问题，没有作答的占几成。"),
    "refused_near_domain": ("近题无据不答", "同一领域、但资料里没有依据的问题，没有作答的占几成。"),
    "refused": ("无据不答（合计）", "所有没有依据的问题里，没有作答的占几成。"),
    "over_refused": ("有据却不答", "资料里有依据的问题，却没有作答的占几成。"),
    "false_premise": ("错误前提答对", "问题里带着错误的说法时，答对的占几成。"),
    "follow_up": ("追问答对", "接着前一问追问时，答对的占几成。"),
    "separation_out_of_domain": (
        "区分无关问题",
        "任取一道可答的题和一道无关的题，系统对可答的那道更有把握的机会（AUC）；0.5 等于乱猜。",
    ),
    "separation_near_domain": ("区分近题无据", "同上，与资料里恰好没有依据的题相比。"),
    "separation_near_domain_read": (
        "只看阅读模型的分值",
        "同上，把握换成阅读模型给各段的最高相关性，不用检索的分数和规则。",
    ),
    "area": ("风险面积", "从最有把握的题答起，各种作答比例下答错的平均比例（AURC）；越小，把握越可信。"),
    "p50": ("一半题目不超过", "从提问到答完的毫秒数，按全部题目计；对照系统只计检索。"),
    "p95": ("95% 的题不超过", "同上，只有二十分之一的题更慢。"),
}
MORE_MEASURES = {
    "hit@3": "前三段命中",
    "doc_hit@3": "前三文件命中",
    "doc_hit@5": "前五文件命中",
    "gold_cited": "引用了标准原文",
    "refused": "没有作答",
    "over_refused": "有据却不答",
}
"""Measures of single questions that the table does not show, or not under this name."""
NOTES = (
    ("区间", "小字是 95% 区间：把题目有放回地重抽 2,000 次，平均值有 95% 落在其中。题数越少，区间越宽。"),
    ("倍数", "对照系统旁的“1.35 倍”，是本产品的数值除以它的数值；耗时的倍数大于 1 表示本产品更慢。"),
    ("短横", "对照系统只检索、不生成回答（这里没有大模型），所以没有回答、引用、不答与误拒这些指标。"),
)
SYSTEMS = {
    "本产品": "网页所用的同一套问答：检索、判断有无依据、摘录原句、核对。",
    "不用阅读模型": "同一套问答，关掉阅读模型：只靠检索和规则判断。",
    "教程链": "照 LangChain 文档的做法：每 500 字切一段，用同一个向量模型取最近的段落。",
    "BM25": "同样的段落，只按词语匹配排序。",
    "向量+BM25（RRF）": "上面两种结果按名次倒数相加（k = 60），即 EnsembleRetriever 的做法。",
}

# --- plots ---
PLOT_RISK = "把握与风险"
PLOT_RISK_NOTE = "从最有把握的题答起：横轴是作答的比例，纵轴是其中答错的比例。曲线越贴近底边，把握越可信。"
PLOT_RISK_IDEAL = "理想次序"
PLOT_RISK_RANDOM = "毫无区分"
PLOT_RISK_NOW = "实际作答"
PLOT_RISK_POINT = "答 {coverage}，错 {risk}"
PLOT_LATENCY = "耗时分布"
PLOT_LATENCY_NOTE = "本产品每一题的毫秒数；一半不超过 {}，95% 不超过 {}，最慢 {}；图只画到 99%。"
PLOT_LATENCY_BIN = "{low}–{high} 毫秒：{count} 题"
PLOT_LATENCY_QUESTIONS = "题数"
PLOT_LATENCY_MARK = "{name} {value}"
PLOT_HITS = "各类题的首段命中"
PLOT_HITS_NOTE = "每类题中，排在第一的段落就有正确原文的比例；横线是本产品的 95% 区间。"
PLOT_HITS_POINT = "{system}，{kind}：{rate}（{n} 题）"
PLOT_OUTCOMES = "各类题的结果"
PLOT_OUTCOMES_NOTE = "本产品在每类题中答对、未作答和答错的比例，括号里是题数；末两类题资料里没有依据，不答才算对。"
PLOT_OUTCOMES_POINT = "{kind}，{outcome}：{count}/{total} 题（{share}）"
PLOT_GROWTH = "成本随规模增长"
PLOT_GROWTH_NOTE = (
    "横轴是段落数，纵轴是最小规模时的多少倍，两轴都是对数。虚线是与规模同步增长；在它下方的，增长比规模慢。"
)
PLOT_GROWTH_LINEAR = "与规模同步"
PLOT_GROWTH_POINT = "{label}，{chunks} 段：{value}（{ratio} 倍）"
SCALE_PANELS = {
    "time": ("提问的耗时（毫秒）", ("answer_p95", "answer_p50", "retrieve_p50", "embed_p50")),
    "space": ("磁盘与内存（MB）", ("disk_megabytes", "memory_megabytes", "memory_over_model", "build_megabytes")),
    "build": ("建立与打开（秒）", ("build_seconds", "open_seconds")),
}
SCALE_GROWTH = ("build_seconds", "disk_megabytes", "memory_over_model", "answer_p50", "answer_p95", "embed_p50")
SCALE_FIGURES = {
    "chunks": "段落",
    "sentences": "句子",
    "characters": "字数",
    "build_seconds": "建立索引",
    "build_megabytes": "建索引内存",
    "disk_megabytes": "索引占磁盘",
    "open_seconds": "打开索引",
    "memory_megabytes": "占内存",
    "memory_over_model": "模型以外内存",
    "answer_p50": "回答 p50",
    "answer_p95": "回答 p95",
    "retrieve_p50": "检索 p50",
    "retrieve_p95": "检索 p95",
    "embed_p50": "向量化 p50",
    "embed_p95": "向量化 p95",
    "recall_chunks": "段落向量召回",
    "recall_sentences": "句子向量召回",
}
SPEED_STEPS = {"embed": "把问题变成向量", "retrieve": "检索", "answer": "整个回答"}
SCALE_UNITS = {name: "毫秒" for name in SCALE_FIGURES if name.endswith(("_p50", "_p95"))}
SCALE_UNITS |= {"build_seconds": "秒", "open_seconds": "秒", "disk_megabytes": "MB", "build_megabytes": "MB"}
SCALE_UNITS |= {"memory_megabytes": "MB", "memory_over_model": "MB", "characters": "字"}

# --- terminal ---
RUN_HEAD = "{title}　{corpus} · {questions} 题 · {created} UTC · 索引 {generation} · {cores} 核"
SPLIT_HEAD = "{split}（{questions} 题）"
COLUMN_MEASURE, COLUMN_TARGET, COLUMN_N = "指标", "目标", "题数"
MET, MISSED = "✓", "✗"
TARGETS_MET = "达到目标 {met}/{total} 项"
TARGETS_MISSED = "未达到：{names}"
AHEAD = "↑"
SPEED_LINE = "逐题计时（{questions} 题，已预热）"
SPEED_STEP = "  {name}：p50 {p50} / p95 {p95} 毫秒，p50 是向量化的 {ratio} 倍"
LEGEND = "×：本产品 ÷ 它；↑：它领先于本产品；—：没有这项（它不生成回答）；时间单位毫秒。"

# --- comparison ---
COMPARE_HEAD = "前：{before}　后：{after}"
COMPARE_COUNTS = "变好 {better} 题，变差 {worse} 题，新增 {new} 题，减少 {gone} 题"
COMPARE_SAME = "两次运行的题目和指标没有差别。"
COMPARE_BETTER, COMPARE_WORSE = "变好的题", "变差的题"
COMPARE_NEW, COMPARE_GONE = "新增的题：{ids}", "减少的题：{ids}"
COMPARE_RATES = "变化的指标 · {split}"
COMPARE_BEFORE, COMPARE_AFTER, COMPARE_DIFFERENCE = "前", "后", "差"
COMPARE_OUTSIDE, COMPARE_WITHIN = "超出原区间", "在原区间内"
COMPARE_EDITED = "（题目或标准有改动）"
COMPARE_HIT, COMPARE_MISS = "首段命中", "首段未命中"

# --- files that are no runs ---
RUN_MISSING = "没有找到评测结果 {path}；请检查路径，或先执行 python -m eval 生成一份。"
RUN_UNREADABLE = "评测结果 {path} 读不出来（{detail}）；请检查它是不是文件、有没有读取权限。"
RUN_NOT_JSON = "{path} 不是完整的 JSON（{detail}）；可能没有写完，请换成评测写出的 .json 文件，或重新运行评测。"
RUN_NOT_UTF8, RUN_BAD_LINE = "不是 UTF-8 编码", "第 {line} 行读不懂"
RUN_NOT_A_RUN = "{path} 不是评测结果（缺少 {missing}）；请换成评测写出的 .json 文件。"
