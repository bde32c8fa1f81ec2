"""Chinese sentences that the intake of files says to people."""

NO_TEXT = "文件里没有文字"
CURE_NO_TEXT = "请打开文件确认有正文；正文若是图片或扫描件，请导出为 PDF 后重试"
BINARY = "文件内容不是文本（含有控制字符或二进制数据）"
CURE_BINARY = "请确认扩展名与内容相符；若是其他软件的文件，请另存为 .docx、.pdf 或 .txt 后重试"
ENCODING_UNKNOWN = "认不出文字编码（试过 UTF-8、UTF-16、GB18030、Big5）"
ENCODING_BROKEN = "文件是 {encoding} 编码，但其中有损坏的字符"
CURE_ENCODING = "请用记事本或 WPS 打开，确认文字显示正常后另存为 UTF-8 重试"

PASSWORD = "文件设有打开密码"
CURE_PASSWORD = "请用 WPS 或 Word 打开后取消密码，另存后重试"
OLD_CONTENT = "扩展名是 {suffix}，内容却是旧版 Office 格式"
MALFORMED = "文件已损坏，或不是真正的 {suffix} 文件"
CURE_SAVE_AGAIN = "请用 WPS 或 Office 打开，另存为 {suffix} 后重试"
CURE_SAVE_PAGE = "请在浏览器里打开网页，确认能看到正文，再“另存为网页”或打印为 PDF 后重试"
FORMAT_REFUSED = "暂不能直接读取 {suffix} 文件"
CURE_AS_WORD = "请用 WPS 或 Word 另存为 .docx 后重试"
CURE_AS_SHEET = "请用 WPS 或 Excel 另存为 .xlsx 后重试"
CURE_SLIDES = "请用 WPS 或 PowerPoint 另存为 PDF 后重试"
CURE_READER = "请用阅读器导出为 PDF 后重试"
CURE_ARCHIVE = "请解压后把里面的文件逐个放入"
CURE_OTHER = "请另存为 .docx、.xlsx、.pdf、.html 或 .txt 后重试"
CONVERSION_FAILED = "LibreOffice 没能转换这个 {suffix} 文件"

KINDS = {
    "pdf": "PDF",
    "docx": "Word 文档（.docx）",
    "xlsx": "Excel 工作簿（.xlsx）",
    "pptx": "PowerPoint 演示文稿（.pptx）",
    "ofd": "OFD 版式文件",
    "odt": "OpenDocument 文本（.odt）",
    "epub": "EPUB 电子书",
    "zip": "ZIP 压缩包",
    "archive": "压缩包",
    "ole": "旧版 Office 文件（.doc、.xls、.wps 一类）",
    "locked": "设有打开密码的 Office 文件",
    "rtf": "RTF 文档",
    "image": "图片",
    "program": "可执行程序",
    "text": "纯文本或网页",
    "binary": "无法识别的二进制数据",
}
NOT_A_FILE = "不是普通文件（可能是目录、管道或设备）"
CURE_NOT_A_FILE = "请换成真正的文件，或从资料目录中移走"
SUFFIX_UNKNOWN = "不支持扩展名为 {suffix} 的文件"
KIND_DIFFERS = "扩展名是 {suffix}，内容却是{kind}"
CURE_KIND = "请改成与内容相符的扩展名，或重新导出为 {suffix} 后重试"
CURE_PROGRAM = "请勿打开；请联系信息安全人员，并从资料目录中移走"
OFFICE_LOCKED = "文件设有打开密码"
ZIP_ENTRIES = "文件内含 {count} 个部件，超过 {limit} 个的上限"
ZIP_BOMB = "文件解压后过大（部件 {name}；上限为共 {limit} MB、{ratio} 倍），疑似压缩炸弹"
CURE_NOT_BOMB = "若确是正常文件，请拆成几个较小的文件后重试；来历不明的文件请勿打开"
ZIP_NAME = "文件内的部件名称不合规（{name}）"
ZIP_ENCRYPTED = "文件内有加密的部件"
CURE_DECRYPT = "请取消密码后另存，再重试"
ZIP_DAMAGED = "文件已损坏或不完整（压缩结构校验不通过）"
XML_ENTITIES = "文件内声明了 XML 实体或文档类型（{name}），有安全风险，不予解析"
XML_DAMAGED = "文件内的 XML 已损坏（{name}）"
CURE_RESAVE = "请用 WPS 或 Office 打开，另存一份后重试；来历不明的文件请勿打开"
TOO_MANY_PAGES = "文件有 {count} 页，超过 {limit} 页的上限"
TOO_MANY_CHARACTERS = "文件的正文有 {count} 字，超过 {limit} 字的上限"
TOO_MUCH_MEMORY = "解析所需内存超过 {limit} MB，已中止"
TOO_LONG = "解析超过 {seconds} 秒仍未结束，已中止"
TOO_DEEP = "文件的嵌套层次过深，已中止解析"
NOT_OPENED = "文件打不开（{detail}）"
CURE_NOT_OPENED = "请检查文件是否还在、是否有读取权限，再重试"
TOO_MUCH_WRITTEN = "解析产生的数据超过 {limit} MB，已中止"
NO_SPACE = "磁盘空间不足，没能解析完"
CURE_SPACE = "请清理磁盘后重试"
KILLED = "解析程序被系统强行终止，多半是内存不足"
CURE_KILLED = "请关闭其他程序后重试；仍不行，请把文件拆成几个"
CRASHED = "解析程序意外崩溃（信号 {signal}）：文件已损坏、不合规范，或所需内存过多"
PARSER_FAILED = "文件已损坏或不合 {suffix} 格式的规范，无法解析"
LIBRARY_MISSING = "没有安装解析 {suffix} 文件所需的程序库"
CURE_LIBRARY = "请执行 pip install -r requirements.txt 后重试"
RESULT_GARBLED = "解析程序给出的结果不可用，已舍弃"
CURE_EXPORT = "请用原软件打开，确认内容正常后重新导出，再重试"
CURE_SPLIT_FILE = "请拆成几个较小的文件后重试"
EXTRACTIONS_DAMAGED = "解析结果缓存已损坏（{path}）；请删除该文件后再执行 python -m ingest。"

PDF_PASSWORD = "PDF 设有打开密码"
CURE_PDF_PASSWORD = "请用阅读器输入密码打开，另存为不加密的 PDF 后重试"
PDF_MALFORMED = "文件已损坏，或不是真正的 PDF"
PDF_TRUNCATED = "PDF 不完整（缺少文件末尾），可能没有下载完"
CURE_PDF_AGAIN = "请重新下载或重新导出，确认能用阅读器打开后重试"
PDF_NO_PAGES = "PDF 里一页也没有"
PDF_TOO_LONG = "PDF 有 {count} 页，超过 {limit} 页的上限"
PDF_NO_TEXT = "PDF 的 {count} 页里都没有可用的文字，图像识别也没有认出文字"
CURE_PDF_NO_TEXT = "请换成带文字的 PDF，或以 300 dpi 重新扫描后重试"

IMAGE_NO_TEXT = "图片里没有认出文字"
CURE_IMAGE_NO_TEXT = "请确认图片上有清晰的文字；扫描件请以 200～300 dpi 重新扫描后重试"
IMAGE_DAMAGED = "图片已损坏或不完整"
IMAGE_UNKNOWN = "内容不是可读的图片（可读 PNG、JPEG、TIFF、BMP、WEBP、GIF）"
CURE_IMAGE = "请用看图软件打开，确认显示正常后另存为 PNG 或 JPEG，再重试"
IMAGE_TOO_LARGE = "图片超过 {limit} 万像素的上限"
CURE_IMAGE_TOO_LARGE = "请把图片缩小或裁成几张（A4 纸以 300 dpi 扫描即可），再重试"
OCR_MODEL_DIFFERS = "文字识别模型缺失或被改动（{path}）；请执行 pip install --force-reinstall rapidocr==3.10.0 后重试。"
