"""Chinese sentences of the evaluation's command line."""

ABOUT = "用随附的问题评测问答：questions 逐题核对，speed 逐题计时，start 给网页启动计时。"
WHAT = "questions 答得对不对；speed 答得快不快；start 网页多久打开、多久能答、占多少内存"
SPLIT = "dev 供调整时看，test 供报告"
FAILURES = "同时列出答错的题"
