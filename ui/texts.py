"""Every Chinese sentence of the page and of app.py."""

from collections.abc import Mapping

PRODUCT = "县域金融知识库问答"
TAB_CHAT = "问答"
LIBRARY = "资料库：{count} 份文件"
LIBRARY_VERSION = " · 版本 {version}"
LIBRARY_LOADING = "资料库：正在打开"
DISCLAIMER = "标有“人工智能生成”的部分由模型撰写，其余为原文摘录；办理业务请以官方发布文本为准"

# Empty state
WELCOME = "想查哪条规定、哪个数据，直接问"
WELCOME_DETAIL = "每句回答都以资料原文为据，点句末的数字就能看到它在原文中的位置；资料里没有的，会直接告诉您没有。"
AUDIENCES: Mapping[str, str] = {"柜员": "柜员常问", "学员": "学员常问"}
STARTERS_OTHER = "常见问题"

# Asking
QUESTION_LABEL = "问题"
QUESTION_PLACEHOLDER = "输入问题，回车发送"
SEND = "发送"
STOP = "停止"
NEW_CONVERSATION = "新对话"
LOADING = "正在加载模型，约需十秒，可先输入问题"
WAITING_FOR_MODEL = "正在加载模型，完成后立即回答"
SEARCHING = "正在资料库中查找依据"
STOPPED = "已停止，以上内容不完整"
STOPPED_WRITING = "已停止撰写，草稿未经核对；以下为原文摘录"
WRITING = "大模型正在撰写，写完后逐句与原文核对"
STOPPED_EMPTY = "已停止，问题仍在输入框"
FAILED = "处理这个问题时出错了，问题仍在输入框，请重试；若仍不行，请告知管理员"
LOADING_BROKE = "启动时出错，详情见程序日志；请告知管理员"

# Answer
ASKED = "问题："
RESOLVED = "已按上文理解为："
NOT_RESOLVED = "不沿用上文"
EDIT_RESOLVED = "修改后再问"
VERBATIM = "原文直引"
UNSUPPORTED = "未见依据"
WRITTEN = "人工智能生成"
UNCHECKED = "草稿，尚未核对"
EVIDENCE = "依据原文"
FORMULA = "（推算：{formula}）"
WRITE_AGAIN = "重新撰写"
COUNT_SOURCES = "出自 {documents} 份资料的 {citations} 处原文"
SOURCES = "来源"
OPEN_CITATION = "在原文中查看第 {number} 条来源：{title} {label}"
COPY = "复制回答"
COPY_QUOTE = "复制引文"
COPIED = "已复制"
COPY_FAILED = "未能复制，请手动选取"
FOLLOW_UPS = "接着问"
SUGGESTIONS = "可以换个问法"
LAYER_NOTES: Mapping[str, str] = {
    "法律法规与政策规定": "有约束力，按效力状态使用",
    "论文观点": "作者个人观点，不作办理依据",
    "数据案例": "注意时点和统计口径",
    "其他资料": "供参考",
}

# Refusal
NOT_FOUND = "知识库未见依据"
NOT_FOUND_REASON = "没有找到能够支持回答的原文。"
NEAREST = "最接近的原文，供您判断"

# Source panel
SOURCE_LABEL = "来源"
SOURCE_EMPTY = "这里显示原文"
SOURCE_EMPTY_DETAIL = "点回答中句末的数字，或点来源列表中的一条，这里会打开那份文件并停在被引用的句子上。"
SOURCE_CLOSE = "关闭原文"
SOURCE_CITED_HERE = "本次回答引用本文"
SOURCE_NEAR = "接近的原文"
REFERENCE = "引用处"
REFERENCE_TO = "打开{target}"
REFERENCE_BACK = "← 回到引用处"
SOURCE_CHANGED = "资料库已更新，这句话不在当前版本的原文中。回答时引用的原文是："
SOURCE_GONE = "这份资料已不在当前版本的资料库中，请重新提问"
SOURCE_CUT = "原文较长，这里只显示引用处前后的部分"
DOC_NUMBER = "文号"
ISSUER = "发文机关"
AUTHOR = "作者"
REGION = "适用地区"
ISSUED = "成文"
PUBLISHED = "公布"
EFFECTIVE = "施行"
EXPIRES = "失效"
DATES = "日期"
MORE_FACTS = "更多信息"
DATE_SUFFIX: Mapping[str, str] = {"effective": "施行", "issued": "成文", "published": "公布"}
BASIS = "收录范围"
REPLACED_BY = "已被取代，现行文件"
REPLACES = "取代"
OTHER_NAMES = "相同内容的文件"
SOURCE_URL = "官方网址"

# Copied text
COPY_QUESTION = "问：{question}"
COPY_LAYER = "【{layer}】"
COPY_WRITTEN = "【人工智能生成｜{layer}】"
COPY_SOURCES = "来源："

# Filters
FILTERS = "限定范围"
FILTERS_NOTE = "只在选中的资料里查找；同一栏可多选，留空即不限。"
FILTER_LABELS: Mapping[str, tuple[str, str]] = {
    "layers": ("资料层级", "法律、政策、论文观点、数据案例"),
    "issuers": ("发文机关", "由谁印发或公布"),
    "regions": ("地区", "文件适用的地区"),
    "years": ("年份", "成文或公布的年份"),
    "statuses": ("效力状态", "如现行有效、待核、已失效"),
    "sources": ("指定文件", "只查这几份文件，可输入名称查找"),
}
FILTERS_CLEAR = "清除筛选"
FILTERS_ACTIVE = "只查："
FILTER_ACTIVE = "{label} {values}"
FILTER_MORE = "{first} 等 {count} 项"

# app.py
ARGUMENTS = "打开县域金融知识库问答网页。先运行 python -m ingest 建立索引。"
ARGUMENTS_END = "设置用 KBQA_ 开头的环境变量，例如 KBQA_INDEX_DIR=索引目录。按 Ctrl+C 结束。"
ARGUMENT_HOST = "监听地址，默认 %(default)s，只有本机能打开；填 0.0.0.0 则局域网可访问（没有登录保护）"
ARGUMENT_PORT = "端口，默认 %(default)s"
PORT_IN_USE = "端口 {port} 已被占用：请换一个端口，例如 python app.py --port {other}"
PORT_OUT_OF_RANGE = "端口 {port} 不在 1 到 65535 之间：请用 --port 指定"
ADDRESS_UNUSABLE = "无法监听 {host}:{port}（{reason}）：请检查 --host 和 --port"
SERVING = "网页地址：{url}（按 Ctrl+C 结束）"
