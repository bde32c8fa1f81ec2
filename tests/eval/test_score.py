"""What counts as right, and why not, on cases and answers made by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval import texts
from eval.cases import Case, Gold
from eval.score import (
    Score,
    answer_measures,
    faults_of,
    held_parts,
    items_precision,
    part_evidence,
    retrieval_measures,
    score,
    shown_text,
    unsupported,
)
from eval.systems import Response, Retrieved
from rag.types import BINDING, OPINION, Answer, AnswerSentence, Chunk, Citation, DocumentMeta, Passage

QUOTE = "截至2024年底，县域存贷比仅为62%，低于全国平均8个百分点。"
NUMBER = Case("X1", "number", "多少？", gold=(Gold("a.md", QUOTE),), values=(("62%",), ("8个百分点",)))
ITEMS = ("有完善的基层服务网络", "有专门的经营部门", "有完善的内控制度")
LIST_QUOTE = f"应当具备下列条件：（一）{ITEMS[0]}；（二）{ITEMS[1]}；（三）{ITEMS[2]}。"
LIST = Case("X2", "list", "哪些条件？", gold=(Gold("a.md", LIST_QUOTE),), items=tuple((item,) for item in ITEMS))
HOW = Case("X3", "how", "怎么做？", gold=(Gold("a.md", "先申请。"), Gold("a.md", "后放款。", 2)))
UNANSWERABLE = Case("X4", "near_domain", "罚多少？", absent=("甲", "乙"), about="a.md", answerable=False)
LAW = DocumentMeta(layer="部门规章")


def citation(quote: str, source: str = "a.md", number: int = 1, meta: DocumentMeta = LAW) -> Citation:
    return Citation(number, source, "某办法", "第一条", quote, 0, len(quote), meta)


def sentence(text: str, *numbers: int, lead: str = "", layer: str = BINDING) -> AnswerSentence:
    return AnswerSentence(text, numbers, layer=layer, lead=lead)


def passage(text: str, source: str = "a.md") -> Passage:
    return Passage(Chunk(text[:8], source, "某办法", (), 0, text), 1.0)


def answered(
    sentences: Sequence[AnswerSentence],
    citations: Sequence[Citation] = (),
    passages: Sequence[Passage] = (),
    notices: Sequence[str] = (),
    question: str = "多少？",
) -> Answer:
    shown = "\n".join(s.text for s in sentences)
    return Answer(
        question, shown, tuple(sentences), tuple(citations), tuple(passages), found=True, notices=tuple(notices)
    )


def quoted(*quotes: str) -> Answer:
    """An answer of whole quotes, each under its own citation."""
    return answered(
        [sentence(quote, number) for number, quote in enumerate(quotes, 1)],
        [citation(quote, number=number) for number, quote in enumerate(quotes, 1)],
    )


def reply(answer: Answer | None, *passages: Retrieved) -> Response:
    return Response(passages, 0.5, 1.0, answer)


class TestOutcome:
    def test_right(self) -> None:
        scored = score(NUMBER, reply(quoted(QUOTE), Retrieved("a.md", QUOTE)))
        assert (scored.case, scored.outcome, scored.why) == (NUMBER, "right", ())
        assert scored.measures["right"] == 1.0
        assert scored.measures["over_refused"] == 0.0
        assert scored.measures["hit@1"] == 1.0

    def test_wrong(self) -> None:
        scored = score(NUMBER, reply(quoted("县域存贷比仅为62%。")))
        assert scored.outcome == "wrong"
        assert scored.why == (texts.WHY_VALUE.format(value="8个百分点"),)
        assert scored.measures["right"] == 0.0

    def test_refused(self) -> None:
        refusal = Answer("多少？", "没有 62% 和 8个百分点", found=False, reason="没有提到")
        scored = score(NUMBER, reply(refusal, Retrieved("a.md", QUOTE)))
        assert scored.outcome == "refused"
        assert scored.why == (texts.WHY_REFUSED.format(reason="没有提到"),)
        assert scored.measures["right"] == 0.0
        assert scored.measures["over_refused"] == 1.0
        assert scored.measures["hit@1"] == 1.0
        assert "values" not in scored.measures

    def test_an_unanswerable_question_is_right_when_refused(self) -> None:
        scored = score(UNANSWERABLE, reply(Answer("罚多少？", found=False, reason="没有")))
        assert scored == Score(UNANSWERABLE, "right", (), {"refused": 1.0})

    def test_and_wrong_when_answered_whatever_is_said(self) -> None:
        scored = score(UNANSWERABLE, reply(quoted("没有规定。"), Retrieved("a.md", "没有规定。")))
        assert scored == Score(UNANSWERABLE, "wrong", (texts.WHY_ANSWERED,), {"refused": 0.0})

    def test_a_system_that_only_retrieves_has_no_outcome(self) -> None:
        scored = score(NUMBER, reply(None, Retrieved("a.md", QUOTE)))
        assert scored.outcome is None
        assert scored.measures["hit@1"] == 1.0
        assert not {"right", "refused", "over_refused", "values"} & set(scored.measures)
        assert score(UNANSWERABLE, reply(None, Retrieved("a.md", QUOTE))) == Score(UNANSWERABLE, None)

    def test_gold_without_quote_or_value_can_be_measured_but_not_judged(self) -> None:
        by_source = Case("B1", "how", "?", gold=(Gold("a.md"),))
        scored = score(by_source, reply(quoted("某句话。"), Retrieved("a.md", "某句话。")))
        assert scored.outcome is None
        assert scored.measures["doc_hit@1"] == 1.0
        assert "right" not in scored.measures
        assert "hit@1" not in scored.measures

    def test_one_reply_leaves_no_trace_in_the_next(self) -> None:
        first = score(NUMBER, reply(quoted(QUOTE)))
        score(LIST, reply(quoted(LIST_QUOTE)))
        assert score(NUMBER, reply(quoted(QUOTE))) == first


class TestFaults:
    def test_a_missing_value(self) -> None:
        assert faults_of(NUMBER, quoted("县域存贷比低于全国平均8个百分点。")) == (texts.WHY_VALUE.format(value="62%"),)

    def test_values_may_stand_in_leads_and_notices(self) -> None:
        given = answered(
            [sentence("低于全国平均8个百分点。", 1, lead="县域存贷比62%：")],
            [citation(QUOTE)],
            notices=["问题中的“70%”与资料不符：资料所载存贷比为62%。"],
            question="存贷比70%吗？",
        )
        assert faults_of(NUMBER, given) == ()

    def test_a_missing_item(self) -> None:
        given = quoted(f"（一）{ITEMS[0]}；", f"（三）{ITEMS[2]}。")
        assert faults_of(LIST, given) == (texts.WHY_ITEM.format(item=ITEMS[1]),)

    def test_any_wording_of_an_item(self) -> None:
        case = Case("X", "list", "?", gold=(Gold("a.md", "甲、乙"),), items=(("甲", "甲的另一说法"), ("乙",)))
        assert faults_of(case, quoted("甲的另一说法、乙")) == ()

    def test_what_must_not_be_stated(self) -> None:
        case = Case("X", "false_premise", "70%吗？", gold=(Gold("a.md", QUOTE),), values=(("62%",),), must_not=("70%",))
        assert faults_of(case, quoted("存贷比为62%，曾为70%。")) == (texts.WHY_MUST_NOT.format(value="70%"),)

    def test_a_notice_may_repeat_what_must_not_be_stated(self) -> None:
        case = Case("X", "false_premise", "70%吗？", gold=(Gold("a.md", QUOTE),), values=(("62%",),), must_not=("70%",))
        given = answered(
            [sentence(QUOTE, 1)], [citation(QUOTE)], notices=["问题中的“70%”与资料不符：为62%。"], question="70%吗？"
        )
        assert faults_of(case, given) == ()

    def test_a_figure_without_a_source(self) -> None:
        given = answered([sentence("存贷比为62%，低8个百分点，少300亿元。", 1)], [citation(QUOTE)])
        assert faults_of(NUMBER, given) == (texts.WHY_UNSUPPORTED.format(value="300亿元"),)

    def test_a_quote_that_is_not_cited(self) -> None:
        assert faults_of(HOW, quoted("先申请。")) == (texts.WHY_QUOTE.format(quote="后放款。"),)
        assert faults_of(HOW, quoted("另一句。")) == tuple(
            texts.WHY_QUOTE.format(quote=gold.quote) for gold in HOW.gold
        )

    def test_quotes_need_not_be_cited_where_values_are_asked_for(self) -> None:
        given = answered([sentence(QUOTE, 1)], [citation(QUOTE, "another.md")])
        assert faults_of(NUMBER, given) == ()

    def test_every_fault_is_told(self) -> None:
        case = Case(
            "X", "number", "?", gold=(Gold("a.md", QUOTE),), values=(("62%",),), items=(("甲",),), must_not=("乙",)
        )
        assert faults_of(case, answered([sentence("乙有5户。", 1)], [citation("乙")])) == (
            texts.WHY_VALUE.format(value="62%"),
            texts.WHY_ITEM.format(item="甲"),
            texts.WHY_MUST_NOT.format(value="乙"),
            texts.WHY_UNSUPPORTED.format(value="5户"),
        )

    @pytest.mark.parametrize(
        ("quote", "source", "cited"),
        [
            ("先申请。", "a.md", True),
            ("第一步，先申请。随后等待。", "a.md", True),
            ("先\n申请", "a.md", True),
            ("**先申请**<sup>[1]</sup>。", "a.md", True),
            ("先申请。", "b.md", False),
            ("后还款。", "a.md", False),
        ],
    )
    def test_a_quote_counts_with_its_source(self, quote: str, source: str, cited: bool) -> None:
        one = Case("X", "how", "?", gold=(Gold("a.md", "先申请。"),))
        given = answered([sentence("先申请。", 1)], [citation(quote, source)])
        assert (faults_of(one, given) == ()) is cited
        assert answer_measures(one, given)["gold_cited"] == float(cited)

    def test_one_of_the_alternatives_of_a_part_is_enough(self) -> None:
        case = Case(
            "X", "how", "?", gold=(Gold("a.md", "先申请。"), Gold("b.md", "应先申请。"), Gold("c.md", "后放款。", 2))
        )
        given = answered(
            [sentence("应先申请。", 1), sentence("后放款。", 2)],
            [citation("应先申请。", "b.md"), citation("后放款。", "c.md", 2)],
        )
        assert faults_of(case, given) == ()
        assert answer_measures(case, given)["gold_cited"] == 1.0


class TestUnsupported:
    def test_a_sentence_answers_to_its_own_citations(self) -> None:
        given = answered(
            [sentence("占比62%。", 1), sentence("共8户。", 2)],
            [citation("共8户。"), citation("占比62%。", number=2)],
            [passage("占比62%。共8户。")],
        )
        assert unsupported(given) == ("62%", "8户")

    def test_what_a_citation_shows_beside_its_quote_counts(self) -> None:
        meta = DocumentMeta(
            layer="行政法规",
            doc_number="国务院令第629号",
            issued="2012-11-12",
            effective="2013-03-01",
            status="已修改",
            replaced_by=("国务院令第666号",),
        )
        given = answered(
            [sentence("国务院令第629号，2012年11月12日成文，自2013年3月1日起施行；由国务院令第666号修改。", 1)],
            [citation("农业保险条例", meta=meta)],
        )
        assert unsupported(given) == ()

    def test_the_column_names_over_a_row_count(self) -> None:
        row = replace(citation("| 2024-07-22 | 3.35% |"), header="| 公布日 | 1年期 |")
        assert unsupported(answered([sentence("公布日：2024-07-22；1年期：3.35%", 1)], [row])) == ()

    def test_a_figure_does_not_run_into_the_title(self) -> None:
        phone = replace(citation("电话：020-37607198"), title="户口页借出")
        assert unsupported(answered([sentence("电话：020-37607198", 1)], [phone])) == ()

    def test_of_another_document_it_does_not(self) -> None:
        given = answered(
            [sentence("自2013年3月1日起施行。", 1)], [citation("条例", meta=DocumentMeta(effective="2014-03-01"))]
        )
        assert unsupported(given) == ("2013年",)

    def test_a_notice_may_take_a_figure_from_the_question(self) -> None:
        notice = "问题中的“70%”与资料不符：资料所载存贷比为62%。"
        given = answered([sentence(QUOTE, 1)], [citation(QUOTE)], notices=[notice], question="存贷比是不是70%？")
        assert unsupported(given) == ()
        elsewhere = answered([sentence(QUOTE, 1)], [citation(QUOTE)], notices=[notice], question="存贷比是多少？")
        assert unsupported(elsewhere) == ("70%",)

    def test_or_from_the_resolved_question(self) -> None:
        given = Answer(
            "那里呢？",
            sentences=(sentence("某句。", 1),),
            citations=(citation("某句。"),),
            found=True,
            notices=("没有2031年的说法。",),
            resolved="2031年那里呢？",
        )
        assert unsupported(given) == ()

    def test_a_sentence_may_not(self) -> None:
        given = answered([sentence("存贷比是70%。", 1)], [citation(QUOTE)], question="存贷比是70%吗？")
        assert unsupported(given) == ("70%",)

    def test_a_notice_may_count_the_sentences(self) -> None:
        notice = "所据章节共列 2 项，以下给出全部 2 项。"
        assert unsupported(answered([sentence("甲", 1), sentence("乙", 1)], [citation("甲乙")], notices=[notice])) == ()
        assert unsupported(answered([sentence("甲", 1)], [citation("甲乙")], notices=[notice])) == ("2项", "2项")

    def test_a_lead_answers_to_the_passages_too(self) -> None:
        led = sentence("占比62%。", 1, lead="据论文（截至2024年底）：")
        assert unsupported(answered([led], [citation("占比62%。")])) == ("2024年",)
        earlier = [passage("截至 2024 年底，网点超15万个。占比62%。")]
        assert unsupported(answered([led], [citation("占比62%。")], earlier)) == ()

    def test_a_row_of_a_table(self) -> None:
        row = "| 2024-07-22 | 3.35% | 3.85% |"
        shown = "日期：2024-07-22；1年期：3.35%；5年期以上：3.85%"
        header = "| 日期 | 1年期 | 5年期以上 |"
        assert unsupported(answered([sentence(shown, 1)], [citation(f"{header}\n{row}")])) == ()


class TestAnswerMeasures:
    def test_all_right(self) -> None:
        measures = answer_measures(NUMBER, quoted(QUOTE))
        assert measures == {
            "values": 1.0,
            "unsupported": 0.0,
            "citation_precision": 1.0,
            "citation_recall": 1.0,
            "verbatim": 1.0,
            "layers_mixed": 0.0,
            "gold_cited": 1.0,
        }

    def test_shares(self) -> None:
        assert answer_measures(NUMBER, quoted("仅为62%。"))["values"] == 1 / 2
        assert answer_measures(LIST, quoted(ITEMS[0]))["items_recall"] == pytest.approx(1 / 3)
        assert answer_measures(HOW, quoted("先申请。"))["gold_cited"] == 1 / 2

    def test_f1_only_where_there_is_no_quote_to_check(self) -> None:
        free = Case("B", "definition", "?", gold=(Gold("a.md"),), values=(("商银行法", "无关"),))
        assert answer_measures(free, quoted("银行法"))["f1"] == pytest.approx(2 * 1 * 0.75 / 1.75)
        assert "f1" not in answer_measures(NUMBER, quoted(QUOTE))

    def test_verbatim_is_by_sentence(self) -> None:
        given = answered([sentence("存贷比仅为 62%", 1), sentence("存贷比只有62%", 1)], [citation(QUOTE)])
        assert answer_measures(NUMBER, given)["verbatim"] == 1 / 2

    def test_verbatim_does_not_ask_for_layout(self) -> None:
        given = answered([sentence("甲为5户", 1)], [citation("**甲**为<sup>[2]</sup>\n5 户")])
        assert answer_measures(NUMBER, given)["verbatim"] == 1.0

    def test_layers_mixed(self) -> None:
        paper = citation("某句。", "p.md", 2, DocumentMeta(layer="论文观点"))
        law = citation("某句。")
        apart = [sentence("某句。", 1, layer=BINDING), sentence("某句。", 2, layer=OPINION)]
        assert answer_measures(HOW, answered(apart, [law, paper]))["layers_mixed"] == 0.0
        together = [sentence("某句。", 1, 2, layer=BINDING)]
        assert answer_measures(HOW, answered(together, [law, paper]))["layers_mixed"] == 1.0
        mislabelled = [sentence("某句。", 2, layer=BINDING)]
        assert answer_measures(HOW, answered(mislabelled, [law, paper]))["layers_mixed"] == 1.0

    def test_citations_are_scored_by_sentence(self) -> None:
        given = answered(
            [sentence("农业保险实行政府引导", 1, 2), sentence("小微企业续贷")],
            [citation("农业保险实行政府引导"), citation("银行网点", number=2)],
        )
        measures = answer_measures(HOW, given)
        # The second citation neither supports nor is missed; the second sentence has none.
        assert measures["citation_precision"] == 1 / 2
        assert measures["citation_recall"] == 1 / 2

    def test_nothing_said(self) -> None:
        measures = answer_measures(NUMBER, answered([]))
        assert {name for name, value in measures.items() if value} == set()


class TestItemsPrecision:
    def test_sentences_beside_the_list(self) -> None:
        given = quoted(f"（一）{ITEMS[0]}；", f"（二）{ITEMS[1]}；", f"（三）{ITEMS[2]}。", "另有一句。")
        assert items_precision(LIST, given) == 3 / 4
        assert answer_measures(LIST, given)["items_recall"] == 1.0

    def test_the_sentence_that_opens_the_list_belongs_to_it(self) -> None:
        assert items_precision(LIST, quoted("应当具备下列条件：", ITEMS[0])) == 1.0

    def test_one_sentence_with_every_item(self) -> None:
        assert items_precision(LIST, quoted(LIST_QUOTE)) == 1.0

    def test_no_sentence(self) -> None:
        assert items_precision(LIST, answered([])) == 0.0


def found(*pairs: tuple[str, str]) -> tuple[Retrieved, ...]:
    return tuple(Retrieved(source, text) for source, text in pairs)


TWO_PARTS = Case(
    "X5",
    "compare",
    "?",
    gold=(Gold("a.md", "甲的做法是担保。"), Gold("b.md", "甲即担保。"), Gold("c.md", "乙的做法是保险。", 2)),
)


class TestRetrieval:
    def test_by_passage(self) -> None:
        passages = found(
            ("d.md", "甲的做法是担保。"), ("b.md", "前文。甲即\n担保。"), ("a.md", "别的"), ("c.md", "乙的做法是保险。")
        )
        measures = retrieval_measures(TWO_PARTS, passages)
        assert (measures["hit@1"], measures["hit@3"], measures["hit@5"]) == (0.0, 1.0, 1.0)
        assert measures["mrr@10"] == 1 / 2
        assert measures["recall@10"] == 2 / 2
        gained, ideal = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3)
        assert measures["ndcg@10"] == pytest.approx(gained / ideal)
        assert measures["evidence@5"] == 1.0

    def test_by_document(self) -> None:
        passages = found(("d.md", "x"), ("d.md", "y"), ("d.md", "z"), ("a.md", "w"))
        measures = retrieval_measures(TWO_PARTS, passages)
        # Distinct documents are ranked: d.md, a.md.
        assert (measures["doc_hit@1"], measures["doc_hit@3"], measures["doc_hit@5"]) == (0.0, 1.0, 1.0)
        assert measures["hit@5"] == 0.0

    @pytest.mark.parametrize("source", ["a.md", "b.md", "c.md"])
    def test_any_gold_document_is_right(self, source: str) -> None:
        assert retrieval_measures(TWO_PARTS, found((source, "x")))["doc_hit@1"] == 1.0

    def test_the_quote_in_another_document_does_not_count(self) -> None:
        assert held_parts(TWO_PARTS, Retrieved("c.md", "甲的做法是担保。")) == set()
        assert held_parts(TWO_PARTS, Retrieved("a.md", "乙的做法是保险。")) == set()

    def test_a_part_of_the_quote_is_not_the_quote(self) -> None:
        assert held_parts(TWO_PARTS, Retrieved("a.md", "甲的做法是")) == set()
        assert held_parts(TWO_PARTS, Retrieved("a.md", "所以甲的做法是 **担保**。然而")) == {1}

    def test_beyond_ten_nothing_counts(self) -> None:
        passages = found(*[("d.md", "x")] * 10, ("a.md", "甲的做法是担保。"))
        measures = retrieval_measures(TWO_PARTS, passages)
        assert measures["mrr@10"] == measures["recall@10"] == measures["ndcg@10"] == 0.0

    def test_nothing_returned(self) -> None:
        assert set(retrieval_measures(TWO_PARTS, ()).values()) == {0.0}

    def test_without_gold_there_is_nothing_to_measure(self) -> None:
        assert retrieval_measures(UNANSWERABLE, found(("a.md", "x"))) == {}

    def test_gold_without_quotes_is_measured_by_document_only(self) -> None:
        case = Case("B", "how", "?", gold=(Gold("a.md"), Gold("b.md")))
        assert retrieval_measures(case, found(("b.md", "x"))) == {"doc_hit@1": 1.0, "doc_hit@3": 1.0, "doc_hit@5": 1.0}


class TestPartEvidence:
    LONG = Case("X", "how", "?", gold=(Gold("a.md", "第一句在此。第二句在此。"), Gold("b.md", "第三句在此。", 2)))

    def test_a_quote_over_two_passages(self) -> None:
        passages = found(("a.md", "第一句在此。"), ("a.md", "第二句在此。"))
        assert part_evidence(self.LONG, passages) == (1.0 + 0.0) / 2
        assert retrieval_measures(self.LONG, passages)["hit@5"] == 0.0

    def test_half_of_a_quote(self) -> None:
        assert part_evidence(self.LONG, found(("a.md", "第二句在此。"), ("b.md", "第三句在此。"))) == (0.5 + 1) / 2

    def test_the_best_alternative_counts(self) -> None:
        passages = found(("b.md", "甲即担保。"), ("a.md", "甲的做法"), ("c.md", "无"))
        assert part_evidence(TWO_PARTS, passages) == (1 + 0) / 2

    def test_from_another_document_it_does_not_count(self) -> None:
        assert part_evidence(self.LONG, found(("c.md", "第一句在此。第二句在此。第三句在此。"))) == 0.0

    def test_only_the_first_five_passages(self) -> None:
        passages = found(*[("d.md", "x")] * 5, ("b.md", "第三句在此。"))
        assert retrieval_measures(self.LONG, passages)["evidence@5"] == 0.0
        assert retrieval_measures(self.LONG, passages[1:])["evidence@5"] == 1 / 2


def test_shown_text_is_everything_said() -> None:
    given = answered([sentence("正文。", 1, lead="据某办法：")], [citation("引文。")], notices=["提示。"])
    assert shown_text(given) == "提示。\n据某办法：\n正文。"
