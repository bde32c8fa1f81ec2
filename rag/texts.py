"""Chinese sentences for people: every message, label and answer frame of the library."""

# --- settings and questions ---
SETTING_UNKNOWN = "不认识的设置 {name}；可用的设置有：{known}。请改正或取消该环境变量。"
SETTING_EMPTY = "设置 {name} 是空的；请写上路径，或取消该环境变量。"
LLM_NOT_SUPPORTED = "设置了 KBQA_LLM，但本版本只做原文摘录回答，尚未接入大模型；请取消该环境变量。"
QUESTION_EMPTY = "问题是空的，请输入要问的内容。"
QUESTION_TOO_LONG = "问题过长（{length} 字），最多 {limit} 字，请拆成几个问题分别提问。"
QUESTION_UNREADABLE = "问题里没有可以识别的文字，请用中文写出要问的内容。"

# --- model ---
MODEL_PACKAGE_MISSING = "没有找到自带的向量模型（软件包 {package}）；请执行 pip install -r requirements.txt 后重试。"
MODEL_CHECKSUM = (
    "自带向量模型的文件校验不符（{path}：应为 {expected}，实为 {found}）；"
    "请执行 pip install --force-reinstall {package} 后重试。"
)
MODEL_NOT_FOUND = (
    "没有找到向量模型“{name}”（既不是本地目录，也取不到）；请检查 KBQA_EMBEDDING_MODEL，或取消它以使用自带模型。"
)
MODEL_HAS_CODE = "模型目录里有可执行内容（{path}），为安全起见不加载；请换成只含 safetensors 的模型目录。"
MODEL_INCOMPLETE = "模型目录 {directory} 缺少 {missing}；请换成完整的 sentence-transformers 目录。"
LOG_CPU_SETTING = "向量模型：数值类型 %s，线程 %s，约 %s 字/秒"

# --- index ---
INDEX_MISSING = "还没有建立索引（{path}）；请先执行 python -m ingest。"
INDEX_DAMAGED = "索引已损坏（{path} 的 {detail}）；请执行 python -m ingest 重建，原文和已算好的向量不会丢失。"
INDEX_MISMATCH = (
    "索引由另一个向量模型建立（索引：{built}，当前：{wanted}）；请改回原模型，或执行 python -m ingest 重建。"
)
CACHE_DAMAGED = "向量缓存已损坏（{path}）；请删除该文件后再执行 python -m ingest。"
INGEST_BUSY = "另一个入库任务正在运行（{holder}）；请等它结束后再试。"
LOCK_HOLDER = "进程号 {pid}，开始于 {started}"
DISK_FULL = "磁盘空间不足（剩余 {free} MB，约需 {needed} MB），本次未发布，原索引不受影响；请清理磁盘后重试。"
STORAGE_FAILED = "写入磁盘失败（{detail}），本次未发布，原索引不受影响；请检查磁盘空间和权限后重试。"
VERIFY_FAILED = "新索引没有通过校验（{detail}），本次未发布，原索引不受影响；请重新执行 python -m ingest。"
NOTHING_TO_INGEST = "{path} 里没有可以入库的文件（支持 UTF-8 的 .md 和 .txt）；请放入文件后重试。"
NO_OLDER_GENERATION = "没有更早的索引版本可以退回。"
REBUILD_FIRST = "首次建立索引"
REBUILD_PIPELINE = "处理程序、词表或向量模型有变化，整体重建"

# --- files ---
KB_MISSING = "没有找到资料目录 {path}；请用 --kb 指定，或设置 KBQA_KB_DIR。"
FILE_TOO_LARGE = "文件超过 {limit} MB"
FILE_NAME_NOT_UTF8 = "文件名不是 UTF-8 编码"
CURE_RENAME = "请改名后重试"
FILE_EMPTY = "文件没有正文"
FILE_NOT_UTF8 = "文件不是 UTF-8 编码"
FRONT_MATTER_OPEN = "开头的 --- 没有对应的结束行"
FRONT_MATTER_BROKEN = "开头的元数据不是“键: 值”的格式"
KEY_UNKNOWN = "不认识的元数据键“{key}”"
DATE_UNREADABLE = "{key} 的日期“{value}”读不懂"
LAYER_UNKNOWN = "不认识的资料层级“{value}”"
STATUS_UNKNOWN = "不认识的效力状态“{value}”"
ID_DUPLICATE = "编号“{value}”与 {other} 重复"
CURE_SPLIT = "请拆成几个文件"
CURE_EMPTY = "请补上正文，或删除该文件"
CURE_UTF8 = "请用编辑器另存为 UTF-8"
CURE_FRONT_MATTER = "请按 kb/README.md 的格式改正，或删去这一段"
CURE_KEY = "可用的键见 kb/README.md"
CURE_DATE = "请写成 2024-12-31 的形式"
CURE_ID = "请改成不同的编号"

# --- ingest stages ---
STAGE_PARSE = "解析文件"
STAGE_MODEL = "加载向量模型"
STAGE_EMBED = "计算向量"
STAGE_STORE = "写入索引"
STAGE_CALIBRATE = "校准拒答水平"
STAGE_VERIFY = "校验新索引"

# --- refusals ---
REFUSAL = "知识库未见依据。"
REASON_NOTHING = "在所选范围内没有找到任何相关内容；可以放宽筛选条件再问。"
REASON_TERMS = "最接近的内容里没有提到：{terms}。"
REASON_WEAK = "最接近的内容与问题的关联达不到作答要求。"
REASON_YEAR = "找到的内容里没有 {years} 年的说法。"
REASON_REGION = "找到的内容里没有关于{regions}的说法。"
REASON_DOCUMENT = "知识库没有收录{name}。"
REASON_CLAUSE = "知识库收录的《{title}》文本里没有{clause}的内容（可能是要点整理，未收录该条）。"
REASON_FIELD = "知识库没有记载《{title}》的{field}。"

# --- answers ---
LAYER_HEADING = "【{layer}】"
ACCORDING_TO = "据《{title}》{number}："
ACCORDING_TO_PAPER = "据论文《{title}》{author}{period}："
BY_AUTHOR = "（{author}）"
IN_PERIOD = "（{period}）"
WITH_NUMBER = "（{number}）"
SIDE = "{side}："
LIST_COUNT = "所据章节共列 {total} 项，以下给出全部 {listed} 项。"
CORRECTION = "问题中的“{asked}”与资料不符：资料所载{subject}为{true}。"
NOTICE_DEAD = "注意：《{title}》已失效{until}{by}，以下内容仅供查考。"
NOTICE_CHANGED = "注意：《{title}》已修改{by}，请核对最新文本。"
NOTICE_FUTURE = "注意：《{title}》自 {date} 起施行，目前尚未生效。"
EXPIRED_ON = "（有效期至 {date}）"
REPLACED_BY = "已由{names}替代或调整"
REPLACES = "替代或修订：{names}"
FACTS = "《{title}》——{facts}。"
FACT_NUMBER = "文号：{value}"
FACT_ISSUER = "发文机关：{value}"
FACT_ISSUED = "成文日期：{value}"
FACT_PUBLISHED = "公布日期：{value}"
FACT_EFFECTIVE = "施行日期：{value}"
FACT_EXPIRES = "有效期至：{value}"
FACT_STATUS = "效力：{value}"
UNKNOWN = "知识库未载明"

# --- suggestions ---
ASK_VALIDITY = "《{title}》现在还有效吗，什么时候施行？"
ASK_SECTION = "《{title}》关于“{heading}”有哪些规定？"
ASK_PAPER_SECTION = "论文怎么讲“{heading}”？"
ASK_COMPARE = "论文里{first}和{second}的做法有什么不同？"
ASK_FIGURE = "{period}，{subject}是多少？"
CLERK = "柜员"
TRAINEE = "学员"

# --- command line ---
WARM_UP = "县域金融"
JOURNAL_FAILED = "问答记录写不进数据库（{url}）；请检查 KBQA_JOURNAL_URL 或索引目录的权限。"
SOURCES = "出处："
NEAREST = "最接近的内容："
CLI_ABOUT = "就知识库提一个问题，回答逐句给出出处。"
CLI_EXAMPLES = """例：
  python -m rag "截至2024年底县域存贷比是多少，比全国低多少？"
  python -m rag "《农业保险条例》第十四条" --json
  python -m rag --gaps"""
CLI_QUESTION = "要问的问题（不超过 2000 字）"
CLI_JSON = "输出完整的 JSON：句子、引文、段落和检索过程"
CLI_LAYER = "只查某一层级，如 政策规定、论文观点、数据案例（可重复）"
CLI_SOURCE = "只查某一文件，如 policies/农业保险条例.md（可重复）"
CLI_GAPS = "列出没有依据而未作答的问题"
CLI_NO_QUESTION = '请给出问题，例如：python -m rag "《农业保险条例》现在还有效吗"'
INGEST_ABOUT = "把资料目录里的文件建成索引：解析、切分、向量化、校验、发布；没有变化时几秒即完成。"
INGEST_KB = "资料目录（默认 kb/，或 KBQA_KB_DIR）"
INGEST_INDEX = "索引目录（默认 index/，或 KBQA_INDEX_DIR）"
INGEST_DRY_RUN = "只看会有哪些变化和问题，不写任何东西"
INGEST_ROLLBACK = "退回上一个已发布的索引版本"
SUMMARY_COUNTS = "新增 {added}，更新 {changed}，删除 {removed}，改名 {renamed}，未变 {unchanged}"
SUMMARY_INDEX = (
    "文件 {documents} 份，段落 {chunks} 个，句子 {sentences} 句；本次计算向量 {embedded} 条，用时 {seconds:.1f} 秒"
)
SUMMARY_PUBLISHED = "已发布索引版本 {name}"
SUMMARY_CURRENT = "没有变化，当前索引版本 {name}"
SUMMARY_REBUILD = "整体重建的原因：{reason}"
SUMMARY_PROBLEMS = "有 {count} 个文件未能入库："
PROBLEM_LINE = "  {source}{line}：{message}。{cure}"
PROBLEM_AT = " 第 {line} 行"
ROLLED_BACK = "已退回索引版本 {name}"
DRY_RUN_DONE = "以上只是预演，没有写入任何内容。"
