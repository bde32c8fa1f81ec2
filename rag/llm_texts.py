"""Chinese sentences for people about language models: settings, failures, the test of a connection."""

# --- settings of a language model ---
LLM_UNKNOWN = (
    "KBQA_LLM 只能是 openai:模型名（各种 OpenAI 兼容接口）、ollama:模型名 或 embedded（内置模型），现在是“{value}”；"
    "请照 docs/llm.md 改正，或取消该环境变量。"
)
LLM_NO_BASE_URL = "KBQA_LLM 用 openai: 时要写明接口地址；请设置 KBQA_LLM_BASE_URL，各家的地址见 docs/llm.md。"
LLM_BASE_URL_WRONG = (
    "KBQA_LLM_BASE_URL 不是可用的接口地址（{reason}）；请写成 https://主机/v1 的样子，各家的地址见 docs/llm.md。"
)
LLM_BASE_URL_REASONS = {
    "form": "要以 http:// 或 https:// 开头，并写明主机",
    "user": "地址里不能带用户名和密码，密钥请写在 KBQA_LLM_API_KEY",
    "query": "地址里不能带 ? 或 #",
    "forbidden": "这是云主机元数据或链路本地地址，为安全起见不访问",
}
LLM_API_KEY_WRONG = "KBQA_LLM_API_KEY 里有空格、换行或非英文字符，不是可用的密钥；请重新复制。"
LLM_EXTRA_WRONG = "KBQA_LLM_EXTRA 要写成一个 JSON 对象，且只用于 openai:；请照 docs/llm.md 改正，或取消该环境变量。"
NUMBER_WRONG = "{name} 要写成 {low:g} 到 {high:g} 之间的数字，现在是“{value}”；请改正，或取消该环境变量。"
UNSUPPORTED_UNKNOWN = (
    "KBQA_UNSUPPORTED 只能是 removed（不显示没有依据的句子）或 struck（划掉显示），现在是“{value}”；"
    "请改正或取消该环境变量。"
)
LLM_PACKAGE_MISSING = "没有安装大模型的客户端（软件包 {package}）；请执行 pip install -r requirements-llm.txt 后重试。"

# --- failures of a language model ---
LLM_FAILURES = {
    "refused": "连不上大模型服务（连接被拒绝），请确认服务已启动、KBQA_LLM_BASE_URL 的地址和端口无误。",
    "dns": "找不到大模型服务的主机名，请检查 KBQA_LLM_BASE_URL 和本机的域名解析。",
    "unreachable": "大模型服务的主机没有回应，请检查 KBQA_LLM_BASE_URL、网络和代理。",
    "tls": "大模型服务的证书没有通过验证，请检查 KBQA_LLM_BASE_URL，或让本机信任该证书。",
    "unauthorized": "大模型服务不接受这个密钥，请检查 KBQA_LLM_API_KEY。",
    "unpaid": "大模型服务的账户余额不足，请充值后再试。",
    "forbidden": "大模型服务拒绝了这个账户的访问，请检查 KBQA_LLM_API_KEY 的权限。",
    "not_found": "大模型服务没有这个接口或模型，请检查 KBQA_LLM_BASE_URL 和 KBQA_LLM 里的模型名。",
    "rejected": "大模型服务不接受这次请求（HTTP {status}），请检查模型名，或换一个上下文更长的模型。",
    "redirected": "大模型服务要求转到别的地址，为安全起见没有跟随，请把 KBQA_LLM_BASE_URL 写成最终的地址。",
    "limited": "大模型服务正忙或超出了限额，请稍后再试。",
    "server_error": "大模型服务内部出错，请稍后再试；总是这样时请查看服务的日志。",
    "slow_first": "大模型在 {seconds:g} 秒内没有开始作答，请稍后再试，或改大 KBQA_LLM_TIMEOUT。",
    "stalled": "大模型写到一半停住了，没有写完的内容不予采用，请稍后重新生成。",
    "reset": "与大模型服务的连接中途断开，没有写完的内容不予采用，请稍后重新生成。",
    "interrupted": "大模型没有写完就结束了，没有写完的内容不予采用，请稍后重新生成。",
    "html": "大模型服务返回的是网页而不是回答，请检查 KBQA_LLM_BASE_URL（多半要以 /v1 结尾）和代理。",
    "broken_json": "大模型服务返回的内容读不懂，请确认 KBQA_LLM_BASE_URL 是 OpenAI 兼容的接口。",
    "not_utf8": "大模型服务返回的文字有乱码，没有采用，请检查服务的设置或换一个模型。",
    "empty": "大模型返回了空的回答，请稍后重新生成，或换一个模型。",
    "reasoning_only": "大模型只写了思考过程，没有写回答，请照 docs/llm.md 关闭它的思考模式。",
    "thinking": "大模型把思考过程混进了回答，没有采用，请照 docs/llm.md 关闭它的思考模式。",
    "too_long": "大模型写个不停，已经停下，没有采用，请重新生成，或换一个模型。",
    "length": "大模型的回答被它的长度上限截断，没有采用，请改大服务的输出上限。",
    "filtered": "大模型服务的内容审查拦下了这次回答，没有采用，请换个问法再问。",
    "paused": "大模型连续多次失败，暂停调用，约 {seconds:.0f} 秒后再试。",
}

# --- test of a connection (python -m rag llm-check) ---
CHECK_NOT_SET = "没有设置大模型，没有可测试的；请照 docs/llm.md 设置 KBQA_LLM 后再试。"
CHECK_TITLE = "大模型 {name}"
CHECK_COLUMNS = ("项目", "结果", "说明")
CHECK_RESULTS = {True: "通过", False: "未通过", None: "没能试"}
CHECK_REACHED, CHECK_CHINESE, CHECK_STREAMED = "连通", "会说中文", "逐字输出"
CHECK_STOPPED, CHECK_FREE, CHECK_FIRST, CHECK_SPEED = "能停止", "停后不占用", "首字延迟", "输出速度"
CHECK_SAID = "回答：{said}"
CHECK_CHINESE_SHARE = "回答里 {share:.0%} 是汉字"
CHECK_NOT_CHINESE = "回答里只有 {share:.0%} 是汉字，请换一个中文模型"
CHECK_PIECES = "分 {count} 次送到"
CHECK_NOT_STREAMED = "整段一次送到，请打开服务或网关的流式输出（不要缓冲）"
CHECK_GONE = "停止后 {seconds:.1f} 秒内断开了连接"
CHECK_NOT_GONE = "停止 {seconds:g} 秒后连接还在，请查看服务或网关的设置"
CHECK_TOO_SHORT = "长回答没等停止就写完了"
CHECK_FREE_AGAIN = "停止后马上再问，{seconds:.1f} 秒出第一个字"
CHECK_STILL_BUSY = "停止后再问，{seconds:.1f} 秒才出第一个字，服务端多半还在写被停下的回答，请查看服务的设置"
CHECK_SECONDS = "{seconds:.1f} 秒"
CHECK_TOKENS = "每秒约 {speed:.0f} 个词元"
CHECK_SERVER_SAID = "服务端的原话：{detail}"
