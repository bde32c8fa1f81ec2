"""What is copied: sentences with their sources, and a label on what a model wrote."""

from dataclasses import replace

from tests.ui import fakes
from ui import texts
from ui.copied import copied_text


def test_copied_text_carries_sentences_and_sources() -> None:
    copied = copied_text(fakes.FOUND)
    assert "【法律法规与政策规定】\n《农业保险条例》第十四条规定" in copied
    assert "按照约定履行。[1]" in copied
    place = "第二章 农业保险合同：定损与理赔 › 第十四条"
    source_line = f"[1] 《农业保险条例》 国务院令第629号 {place}（现行有效，2013-03-01 施行）"
    assert source_line in copied.splitlines()
    assert copied.endswith(texts.DISCLAIMER)


def test_a_lead_is_said_once() -> None:
    sentence = replace(fakes.FOUND.sentences[0], lead="现行规定：")
    copied = copied_text(replace(fakes.FOUND, sentences=(sentence, sentence)))
    assert copied.count(sentence.lead) == 1
    assert "现行规定：《农业保险条例》第十四条" in copied


def test_generated_words_carry_their_label_and_quotes_do_not() -> None:
    copied = copied_text(fakes.WRITTEN)
    label = "【人工智能生成｜法律法规与政策规定】"
    assert f"{label}\n{fakes.DRAFT}[1]" in copied
    assert "两期相差7.94万亿元。（推算：37 − 29.06 = 7.94）[4]" in copied
    assert "财政垫付" not in copied
    assert "【法律法规与政策规定】\n《农业保险条例》第十四条规定" in copied
    assert "人工智能生成｜" not in copied_text(fakes.FOUND)
