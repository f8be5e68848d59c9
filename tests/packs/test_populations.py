"""Which frequency table suits a person of a declared population."""

from __future__ import annotations

from pathlib import Path

import pytest

from reunion.packs.dna import load_dna
from reunion.packs.errors import BadFile, BadValue, PackError
from reunion.packs.populations import COLUMNS, read_populations

KNOWN = load_dna().populations


@pytest.mark.parametrize(
    ("declared", "stated", "fits"),
    [
        ("han-hebei", "Han (Hebei)", True),
        ("汉族", "Han (Hebei)", True),
        ("Han", "han-hebei", True),
        ("汉族（河北）", "Chinese", True),
        ("Han (Guangdong)", "Han (Hebei)", False),
        ("Uyghur", "Han (Hebei)", False),
        ("维吾尔族", "Han + Uygur", True),
        ("Han", "United States Asian", False),
        ("Han", "", False),
        ("Lokono", "lokono", True),
        ("Lokono", "Han", False),
        ("—", "—", False),
        ("05", "Uygur", True),
        ("Korean", "朝鲜族", True),
    ],
)
def test_a_table_fits_where_one_population_is_part_of_the_other(
    declared: str, stated: str, fits: bool
) -> None:
    assert KNOWN.fit(declared, stated) is fits


GB_T_3304_1991 = """
01 汉族 Han 02 蒙古族 Mongol 03 回族 Hui 04 藏族 Zang 05 维吾尔族 Uygur 06 苗族 Miao 07 彝族 Yi
08 壮族 Zhuang 09 布依族 Buyei 10 朝鲜族 Chosen 11 满族 Man 12 侗族 Dong 13 瑶族 Yao 14 白族 Bai
15 土家族 Tujia 16 哈尼族 Hani 17 哈萨克族 Kazak 18 傣族 Dai 19 黎族 Li 20 傈僳族 Lisu 21 佤族 Va
22 畲族 She 23 高山族 Gaoshan 24 拉祜族 Lahu 25 水族 Sui 26 东乡族 Dongxiang 27 纳西族 Naxi
28 景颇族 Jingpo 29 柯尔克孜族 Kirgiz 30 土族 Tu 31 达斡尔族 Daur 32 仫佬族 Mulao 33 羌族 Qiang
34 布朗族 Blang 35 撒拉族 Salar 36 毛南族 Maonan 37 仡佬族 Gelao 38 锡伯族 Xibe 39 阿昌族 Achang
40 普米族 Pumi 41 塔吉克族 Tajik 42 怒族 Nu 43 乌孜别克族 Uzbek 44 俄罗斯族 Russ 45 鄂温克族 Ewenki
46 德昂族 Deang 47 保安族 Bonan 48 裕固族 Yugur 49 京族 Gin 50 塔塔尔族 Tatar 51 独龙族 Derung
52 鄂伦春族 Oroqen 53 赫哲族 Hezhen 54 门巴族 Monba 55 珞巴族 Lhoba 56 基诺族 Jino
""".split()


def test_the_peoples_of_china_are_those_of_the_standard() -> None:
    peoples = [of for of in KNOWN.by_code.values() if of.parents == ("chinese",)]
    numbers, chinese, latin = (GB_T_3304_1991[at::3] for at in range(3))
    assert [of.names["zh"] for of in peoples] == chinese
    assert [of.names["en"] for of in peoples] == latin
    assert [of.code for of in peoples] == [name.lower() for name in latin]
    assert [KNOWN.find(number) for number in numbers] == peoples


def test_every_table_that_ships_is_of_a_listed_population() -> None:
    assert all(KNOWN.find(table.population) for table in load_dna().tables.values())


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ("han,Han,汉族,chinese,", BadValue, "line 2, parents: chinese is not listed above"),
        ("han,,汉族,,", BadValue, "line 2, name_en: missing"),
        ("han,Han,汉族,,\nhui,Hui,回族,,汉族", BadValue, "line 3, code: 汉族 names two"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, rows: str, error: type[PackError], said: str) -> None:
    file = tmp_path / "populations.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{rows}\n", encoding="utf-8")
    with pytest.raises(error, match=said):
        read_populations(file)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "populations.csv").write_text("code\nhan\n", encoding="utf-8")
    with pytest.raises(BadFile, match="the first line must be"):
        read_populations(tmp_path / "populations.csv")
