"""Chinese sentences of the administrator's commands: help, outcomes, checks and tables of `python -m ingest`."""

# --- help ---
COMMANDS = "命令（各有自己的说明：python -m ingest 命令 --help）"
EXAMPLES = """不写命令，就是按资料目录的现状更新索引。

例：
  python -m ingest                          更新索引
  python -m ingest add 通知.pdf             放入一个文件并更新索引
  python -m ingest status                   看库里有什么、质量如何
  python -m ingest report                   生成一份可以打开、打印的网页报告"""
ADD = "把文件或文件夹放进资料目录并更新索引"
ADD_ABOUT = """把文件放进资料目录，再更新索引，逐个报告结果。

先检查每个文件，再复制（原文件不动）；从不覆盖同名文件，除非加 --replace。
用不了的文件会从资料目录取回，不留半截。文件夹连同子文件夹一起放入。"""
ADD_EXAMPLES = """例：
  python -m ingest add 农业保险条例.pdf --layer 行政法规
  python -m ingest add 统计公报.xlsx --layer 数据案例 --title 2025年统计公报
  python -m ingest add ~/下载/文件夹 --into policies/省内"""
REMOVE = "从资料目录移出文件并更新索引"
REMOVE_ABOUT = """把文件移出资料目录，再更新索引。文件没有删除：移到索引目录的 removed/ 下，随时可以放回。

NAME 可以是资料路径、文件名或题名；一个名字对得上几份文件时，只列出来，不动手。"""
REMOVE_EXAMPLES = """例：
  python -m ingest remove policies/农业保险条例.md
  python -m ingest remove 农业保险条例"""
STATUS = "列出库里的每份文件：层级、文号、效力、条数、页面质量"
STATUS_ABOUT = "列出已发布索引里的每份文件，以及资料目录与索引的差别。只看，不改。"
STATUS_EXAMPLES = """例：
  python -m ingest status
  python -m ingest status --json > 现状.json"""
VERIFY = "检查已发布的索引是否完好、前后一致"
VERIFY_ABOUT = "逐项检查已发布的索引：校验和、自查检索、段落与原文是否一致、页码与引用是否成立。只看，不改。"
VERIFY_EXAMPLES = """例：
  python -m ingest verify"""
ROLLBACK = "退回上一个已发布的索引版本"
ROLLBACK_ABOUT = "把索引换回上一个已发布的版本。资料目录不动；再次更新索引时会按资料重新建立。"
ROLLBACK_EXAMPLES = """例：
  python -m ingest rollback"""
REPORT = "生成网页报告：每份文件的元数据、页面、条款、段落、引用"
REPORT_ABOUT = "把已发布的索引写成一个网页文件：不联网也能打开，可以打印，手机上也能看。"
REPORT_EXAMPLES = """例：
  python -m ingest report
  python -m ingest report --out ~/桌面/资料报告.html"""
FETCH = "从官方网站下载文件，放进资料目录并更新索引"
FETCH_ABOUT = """从名单内的官方网站下载文件，记下来源网址和日期，放进资料目录并更新索引。

只走 https，只访问名单内的网站（环境变量 KBQA_FETCH_HOSTS，逗号分隔）。现在的名单：
  {hosts}"""
FETCH_EXAMPLES = """例：
  python -m ingest fetch https://www.gov.cn/zhengce/content/202501/content_1.htm --layer 政策规定"""
OFFICIAL = "下载要点整理所依据的官方原文，用它代替要点"
OFFICIAL_ABOUT = """对写有 source_url 的要点整理：下载官方原文并入库，沿用要点整理的元数据；要点整理留在原处，
但不再进入索引（文件头记为 superseded_by）。用 remove 移出官方原文，要点整理就恢复使用。"""
OFFICIAL_EXAMPLES = """例：
  python -m ingest official policies/农业保险条例.md
  python -m ingest official --all"""

FILES = "文件或文件夹"
LAYER = "资料层级：{layers}"
TITLE = "题名（只放入一个文件时可用）"
INTO = "放到资料目录下的哪个文件夹（默认按层级）"
REPLACE = "同名文件内容不同时，用新的替换；旧的移到索引目录的 removed/ 下"
NAMES = "资料路径、文件名或题名"
JSON = "输出 JSON"
OUT = "写到哪个文件（默认 {name}）"
URLS = "网址，https 开头"
DIGESTS = "要点整理的资料路径、文件名或题名"
ALL = "所有写有 source_url、网站在名单内的要点整理"
REPORT_FILE = "资料报告.html"

# --- wrong use ---
WRONG_USE = "{message}。说明见 {program} --help。"
WRONG_UNKNOWN = "不认识的参数：{detail}"
WRONG_MISSING = "还缺：{detail}"
WRONG_CHOICE = "没有“{detail}”这个命令或取值"
WRONG_VALUE = "{detail} 后面要跟一个值"
TITLE_OF_MANY = "--title 只能用于一个文件，现在有 {count} 个"
LAYER_UNKNOWN = "没有“{layer}”这个资料层级；可用的有：{layers}"
FOLDER_UNUSABLE = "“{folder}”不能作资料目录下的文件夹：要写相对路径，不含 ..，也不能是 lexicon"
DIGEST_OR_ALL = "请写出要点整理的名字，或用 --all"

# --- files that cannot be put in ---
NOT_FOUND = "没有这个文件"
CURE_NOT_FOUND = "请检查路径"
SYMLINK = "是符号链接"
CURE_SYMLINK = "请改用它指向的真实文件"
NOT_REGULAR = "不是普通文件"
CURE_NOT_REGULAR = "请换成真正的文件"
SUFFIX = "扩展名 {suffix} 不在支持之列（{known}）"
CURE_SUFFIX = "请另存为支持的格式后重试"
TOO_LARGE = "文件超过 {limit} MB"
CURE_TOO_LARGE = "请拆成几个文件"
EMPTY = "文件是空的"
CURE_EMPTY = "请检查文件是否下载或保存完整"
NOT_READABLE = "没有读取权限"
CURE_NOT_READABLE = "请修改文件权限，或以有权限的用户执行"
NAME_UNUSABLE = "文件名去掉控制字符和路径后什么也不剩"
CURE_NAME = "请改名后重试"
NAME_TAKEN = "资料目录里已有同名文件 {source}，内容不同"
CURE_NAME_TAKEN = "要替换它请加 --replace；要两份都留请先改名"
METADATA_DIFFERS = "文件头已写明 {key} 是“{value}”，与所给的“{wanted}”不同"
CURE_METADATA = "请改文件头，或去掉这个参数"
METADATA_BROKEN = "元数据不是“键: 值”的格式"
CURE_METADATA_BROKEN = "请按 kb/README.md 的格式改正"
OUTSIDE = "路径经过符号链接，会落到资料目录之外"
CURE_OUTSIDE = "请换一个文件夹"

# --- names that name nothing, or several ---
NO_SUCH_DOCUMENT = "资料目录里没有叫“{name}”的文件"
NEAR_NAMES = "相近的有：{names}"
CURE_STATUS = "全部文件见 python -m ingest status"
AMBIGUOUS = "“{name}”对得上 {count} 份文件：{names}"
CURE_AMBIGUOUS = "请写出资料路径"

# --- outcomes ---
FOLDER_COUNT = "{folder}：{count} 个文件"
IGNORED_COUNT = "{folder}：{count} 个文件格式不支持，未放入（{names}）"
READY = "✓ {source}：就绪，{facts}"
FACT_CLAUSES = "{count} 条"
FACT_PAGES = "{count} 页"
FACT_BAD_PAGES = "{count} 页（其中 {bad} 页有问题）"
FACT_CHARACTERS = "{count:,} 字"
FACT_CHUNKS = "{count} 段"
SAME = "= {source}：内容相同的文件已在库中，未重复放入"
SAME_TEXT = "= {source}：与 {other} 文字相同，合并为一份"
REPLACED = "  旧的一份移到了 {attic}"
FAILED = "✗ {source}：{message}。{cure}"
REMOVED = "✓ 已移出 {source}"
REMOVED_TO = "文件在 {attic}\n要放回：python -m ingest add {example} --into {folder}"
RESTORED_DIGEST = "  要点整理 {source} 恢复使用"
NOTHING_LEFT = "这是库里最后能用的文件，移出后索引就空了；没有移出"
CURE_NOTHING_LEFT = "请先放入别的文件"
INTERRUPTED = "已中断，资料目录和索引都保持原样。"
BECAME_OFFICIAL = "  代替了要点整理 {source}"

# --- status ---
STATUS_EMPTY = "索引里还没有文件。资料目录 {kb} 里有 {count} 个可以入库的文件；执行 python -m ingest 建立索引。"
STATUS_NOTHING = "索引里还没有文件，资料目录 {kb} 也是空的。用 python -m ingest add 文件 放入第一份。"
STATUS_HEAD = "索引版本 {name}，建于 {created}"
STATUS_TOTALS = "{documents} 份文件 · {articles} 条 · {chunks} 段 · {sentences} 句 · {characters:,} 字"
STATUS_PAGES = "页面：{good} 页良好 · {recognised} 页由扫描识别 · {faulty} 页有问题"
STATUS_NO_PAGES = "页面：都是文本文件，没有分页"
STATUS_CONFLICTS = "元数据与正文不一致：{count} 处（详见 python -m ingest report）"
STATUS_NO_CONFLICTS = "元数据与正文没有发现不一致"
STATUS_IN_STEP = "资料目录与索引一致"
STATUS_ADDED = "资料目录里有、索引里没有（{count}）：{names}"
STATUS_CHANGED = "入库后改过（{count}）：{names}"
STATUS_GONE = "索引里有、资料目录里已没有（{count}）：{names}"
STATUS_RENAMED = "改了名（{count}）：{names}"
STATUS_PROBLEMS = "用不了的文件（{count}）："
STATUS_UPDATE = "执行 python -m ingest 更新索引"
STATUS_REBUILD = "下次更新：{reason}"
AND_MORE = " 等"
COLUMN_TITLE, COLUMN_LAYER, COLUMN_NUMBER, COLUMN_STATUS = "题名", "层级", "文号", "效力"
COLUMN_ARTICLES, COLUMN_CHUNKS, COLUMN_PAGES, COLUMN_CHARACTERS = "条", "段", "页 好/OCR/有问题", "字数"

# --- verify ---
CHECK_MANIFEST = "索引版本"
CHECK_FILES = "文件校验和"
CHECK_VECTORS = "检索自查"
CHECK_CHUNKS = "段落与原文一致"
CHECK_SENTENCES = "句子与原文一致"
CHECK_PAGES = "页码范围"
CHECK_SECTIONS = "条款范围"
CHECK_LINKS = "引用的去向"
CHECK_PROOFS = "元数据的依据"
CHECK_FINE = "✓ {name}（{detail}）"
CHECK_WRONG = "✗ {name}：{detail}。{cure}"
CHECKED_FILES = "{count} 个文件"
CHECKED_ROWS = "{count} 项"
CHECK_COUNT = "{count} 处不符，如 {first}"
CURE_REBUILD = "请执行 python -m ingest 重建；仍不行可用 python -m ingest rollback 退回上一版本"
CURE_FIRST_INGEST = "请先执行 python -m ingest"
VERIFY_FINE = "索引完好。"
VERIFY_WRONG = "索引有 {count} 项不符。"

# --- report ---
REPORT_WRITTEN = "已写到 {path}（{documents} 份文件，{size:.1f} MB），用浏览器打开即可。"
STAGE_REPORT = "整理报告"

# --- fetch ---
STAGE_FETCH = "下载"
URL_UNREADABLE = "网址读不懂"
URL_USER = "网址里带有用户名或密码"
URL_SCHEME = "只能下载 https 网址"
CURE_URL = "请从浏览器地址栏复制完整的 https 网址"
HOST_REFUSED = "网站 {host} 不在名单内"
CURE_HOST = "确认它是官方网站后，把它加进环境变量 KBQA_FETCH_HOSTS（逗号分隔），再重试"
ADDRESS_REFUSED = "网站 {host} 指向内部地址 {address}，不下载"
CURE_ADDRESS = "请检查网络的域名解析，或请管理员核对"
HOST_UNKNOWN = "找不到网站 {host}"
CURE_NETWORK = "请检查网络和网址后重试"
CONNECTION_FAILED = "连不上 {host}（{detail}）"
TOO_SLOW = "下载超过 {seconds:.0f} 秒还没有完成"
CURE_TOO_SLOW = "请稍后重试，或用浏览器下载后执行 python -m ingest add"
TOO_MANY_REDIRECTS = "跳转超过 {count} 次"
REPLY_STATUS = "网站回答 {status}（{meaning}）"
STATUS_MEANINGS = {403: "不许访问", 404: "没有这个页面", 410: "页面已删除", 429: "访问太频繁"}
STATUS_OTHER = "请求没有成功"
CURE_BROWSER = "请用浏览器打开网址核对；能打开就另存后执行 python -m ingest add"
TRUNCATED = "下载没有完整（缺 {missing} 字节）"
ENCODING_REFUSED = "网站用了不支持的压缩方式 {encoding}"
ENCODING_BROKEN = "网站发来的压缩内容已损坏"
KIND_UNKNOWN = "认不出文件类型（网站标明是 {declared}）"
KIND_DIFFERS = "网站标明是 {declared}，内容却像 {found} 文件"
KIND_UNNAMED = "未标明"
NAME_UNKNOWN = "网页"

# --- official ---
NO_SOURCE_URL = "没有写 source_url"
CURE_SOURCE_URL = "请在文件头写上官方原文的网址"
NOT_A_DIGEST = "不是要点整理（要点整理是带文件头的 .md 文件）"
ALREADY_OFFICIAL = "已由 {official} 代替"
CURE_ALREADY = "要重新下载，请先用 remove 移出官方原文"
NONE_TO_FETCH = "没有可以下载官方原文的要点整理（{without} 份没有 source_url，{outside} 份的网站不在名单内）。"
SKIPPED_DIGESTS = "另有 {without} 份没有 source_url，{outside} 份的网站不在名单内，未下载。"
OFFICIAL_NAME = "{stem}（官方原文）"
STATUS_BEHIND = "不单独入库的副本、转载和已有官方原文的要点（{count}）：{names}"
