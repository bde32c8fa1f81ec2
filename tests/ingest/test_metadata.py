"""Front matter -> title and DocumentMeta."""

import pytest

from ingest.load import RawFile
from ingest.metadata import DATE_KEYS, FOLDER_LAYERS, STATUSES, make_document, stated_days
from rag import texts
from rag.errors import UnreadableFile
from rag.types import LAYER_GROUPS, Document


def document(source: str = "policies/示例.md", body: str = "正文。\n", **front_matter: object) -> Document:
    return make_document(raw(source, body, **front_matter))


def raw(source: str, body: str, **front_matter: object) -> RawFile:
    return RawFile(source, "digest", front_matter, {key: 2 + i for i, key in enumerate(front_matter)}, body)


class TestStatedDays:
    def test_a_notice_is_public_when_it_is_issued(self) -> None:
        assert stated_days({"doc_number": "银发〔2024〕1号", "issued": "2024-01-05"})["published"] == "2024-01-05"

    def test_a_law_is_not_public_when_it_is_adopted(self) -> None:
        assert stated_days({"doc_number": "主席令第68号", "issued": "2025-04-30"}) == {"issued": "2025-04-30"}

    def test_only_whole_days_that_the_calendar_has(self) -> None:
        assert stated_days({"issued": "2024-02", "published": "2024-02-30"}) == {}


class TestTitle:
    def test_front_matter_first(self) -> None:
        assert document(title="甲", body="# 乙\n").title == "甲"

    def test_then_the_first_heading(self) -> None:
        assert document(body="前言\n\n# 乙办法\n\n# 丙\n").title == "乙办法"

    def test_then_the_file_name(self) -> None:
        assert document("notes/走访.记录.txt").title == "走访.记录"

    def test_a_heading_of_lower_level_is_no_title(self) -> None:
        assert document("notes/甲.txt", "## 乙\n").title == "甲"


class TestLayer:
    @pytest.mark.parametrize(("folder", "layer"), [*FOLDER_LAYERS.items(), ("notes", "其他资料")])
    def test_folders_have_a_layer(self, folder: str, layer: str) -> None:
        assert document(f"{folder}/甲.md").meta.layer == layer
        assert document(f"{folder}/深/甲.md").meta.layer == layer

    def test_a_file_outside_any_folder(self) -> None:
        assert document("甲.md").meta.layer == "其他资料"

    @pytest.mark.parametrize("layer", LAYER_GROUPS)
    def test_front_matter_overrides_the_folder(self, layer: str) -> None:
        assert document("paper/甲.md", layer=layer).meta.layer == layer

    def test_papers_have_their_author(self) -> None:
        body = "# 题目\n\n张示例, 李示例\n\n研究中心, 中国\n"
        assert document("paper/甲.md", body).meta.author == "张示例, 李示例"
        assert document("paper/甲.md", body, author="王示例").meta.author == "王示例"
        assert document("policies/甲.md", body).meta.author == ""


class TestValues:
    def test_everything_at_once(self) -> None:
        meta = document(
            doc_number="财金〔2025〕11号",
            issuer=["财政部", "人民银行"],
            issued="2025-02-19",
            status="现行有效",
            topics="担保",
            replaces=None,
            region="全国",
            id="a1",
        ).meta
        assert (meta.doc_number, meta.issuer, meta.issued) == ("财金〔2025〕11号", ("财政部", "人民银行"), "2025-02-19")
        assert (meta.topics, meta.replaces, meta.year) == (("担保",), (), "2025")

    @pytest.mark.parametrize("value", ["2024", "2024-02", "2024-02-29", 2024, "", None])
    @pytest.mark.parametrize("key", sorted(DATE_KEYS))
    def test_dates(self, key: str, value: object) -> None:
        assert getattr(document(**{key: value}).meta, key) == str(value or "")

    @pytest.mark.parametrize(
        "value",
        ["2024-13-45", "2023-02-29", "2024-1-5", "2024年1月5日", "20240105", "去年", "2024-01-01 10:00:00", "0000"],
    )
    def test_bad_dates_are_named(self, value: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            document(title="甲", issued=value)
        error = caught.value
        assert (error.line, error.message) == (3, texts.DATE_UNREADABLE.format(key="issued", value=value))
        assert error.cure == texts.CURE_DATE

    def test_an_unknown_key_is_named(self) -> None:
        with pytest.raises(UnreadableFile) as caught:
            document(title="甲", 标题="乙")
        assert (caught.value.line, caught.value.message) == (3, texts.KEY_UNKNOWN.format(key="标题"))

    @pytest.mark.parametrize(("key", "known"), [("layer", LAYER_GROUPS), ("status", STATUSES)])
    def test_a_value_outside_its_list_is_named_with_the_list(self, key: str, known: set[str]) -> None:
        with pytest.raises(UnreadableFile) as caught:
            document(title="甲", issued="2024", **{key: "随便"})
        assert caught.value.line == 4
        assert "随便" in caught.value.message
        assert set(caught.value.cure.split("、")) == set(known)
