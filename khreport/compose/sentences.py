"""Computed Vietnamese sentences: patterns filled with counts, shares, splits and lists.

Patterns are an office's own text; the grammar that a count asks for ("chưa có", "cả", "trong
số") is chosen here.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence

import msgspec

from khreport.errors import PlanError
from khreport.quantities import format_count, format_percent
from khreport.text import begin_sentence, clean, join_and

# A sign before a digit is no bullet: "-5%" stays what it is.
_BULLET = re.compile(r"\A(?:[-–—+*•●▪·o]\s+|[-–—+*•●▪·](?=[^\W\d]))+")
_ENDS = ".;,:"
# A full stop after capitals or single letters ends an abbreviation ("TP. Nha Trang", "v.v.").
_CLAUSE = re.compile(r"(?<=;)\s+|(?<=[^\WA-Z_][^\WA-Z_]\.)\s+|\n")
_PREPOSITIONS = frozenset(
    {"trong", "trên", "gắn", "theo", "nhằm", "để", "tại", "từ", "về", "với", "thuộc"}
)
_JOINED = frozenset(
    {
        "kèm", "tiếp", "mang", "bên", "hiện", "tồn", "kể", "thuộc", "dựa", "ngay", "đối", "cùng",
        "gắn", "trở", "trực", "phụ", "lệ", "liên", "so", "khác",
    }
)  # fmt: skip
"""Syllables that make one word with what is a preposition elsewhere: "hiện tại", "kèm theo"."""
_FIELDS = string.Formatter()


class Sentence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence in the wordings that its count asks for.

    `none` is for 0, `none_of_one` for 0 of 1, `only` for 1 of 1, `all` for everything, `some`
    for the rest; `empty` where there is nothing to count among. A wording that is left out is
    another's; "" says nothing.
    """

    some: str
    empty: str | None = None
    none: str | None = None
    none_of_one: str | None = None
    only: str | None = None
    all: str | None = None

    def wording(self, count: int, total: int) -> str:
        """The pattern for `count` out of `total`."""
        wanted: tuple[str | None, ...] = ()
        if total == 0:
            wanted = (self.empty, self.none)
        elif count == 0:
            wanted = (self.none_of_one, self.none) if total == 1 else (self.none,)
        elif count == total:
            wanted = (self.only, self.all) if total == 1 else (self.all,)
        return next((pattern for pattern in wanted if pattern is not None), self.some)


def fill_pattern(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its {names} replaced; PlanError tells which names it may use.

    >>> fill_pattern("Có {count} văn bản.", {"count": "05"})
    'Có 05 văn bản.'
    """
    try:
        names = {name for _, name, _, _ in _FIELDS.parse(pattern) if name is not None}
    except ValueError as error:
        raise PlanError(f"Câu mẫu “{pattern}” có dấu ngoặc nhọn không khớp.") from error
    unknown = sorted(names - values.keys())
    if unknown:
        raise PlanError(
            f"Câu mẫu “{pattern}” dùng {{{unknown[0]}}} không có. "
            f"Chỉ dùng: {', '.join(f'{{{name}}}' for name in sorted(values))}."
        )
    return _FIELDS.vformat(pattern, (), values)


def write_sentence(sentence: Sentence, count: int, total: int, **values: str) -> str:
    """The sentence for `count` out of `total`, with {count}, {total}, {rest} and {share}.

    >>> reported = Sentence(
    ...     some="{count}/{total} cơ quan đã báo cáo ({share}).",
    ...     none="Chưa cơ quan nào báo cáo.",
    ...     all="Cả {total} cơ quan đã báo cáo.",
    ... )
    >>> [write_sentence(reported, n, 8) for n in (0, 6, 8)]
    ['Chưa cơ quan nào báo cáo.', '06/08 cơ quan đã báo cáo (75%).', 'Cả 08 cơ quan đã báo cáo.']
    """
    values = {
        **values,
        "count": format_count(count),
        "total": format_count(total),
        "rest": format_count(total - count),
        "share": write_share(count, total),
    }
    # A wording that is seldom reached must not fail then.
    for name in sentence.__struct_fields__:
        fill_pattern(getattr(sentence, name) or "", values)
    return fill_pattern(sentence.wording(count, total), values)


def write_share(count: int, total: int) -> str:
    """The share in per cent with one decimal; never "0%" for some, nor "100%" for not all.

    >>> write_share(1, 3), write_share(0, 0), write_share(1, 3000), write_share(2999, 3000)
    ('33,3%', '0%', '0,1%', '99,9%')
    """
    share = 100 * count / total if total else 0.0
    if 0 < count < total:
        share = min(max(share, 0.1), 99.9)
    return format_percent(share, 1)


def write_split(sentence: Sentence, parts: Sequence[tuple[int, str]], **values: str) -> str:
    """How a total falls into parts: (count, phrase) each; parts of none are not mentioned.

    `sentence` has {parts}; where one part is everything its `only` and `all` have {phrase}.

    >>> tasks = Sentence(
    ...     some="trong {total} nhiệm vụ: {parts}", empty="không có nhiệm vụ",
    ...     only="01 nhiệm vụ {phrase}", all="cả {total} nhiệm vụ đều {phrase}",
    ... )
    >>> write_split(tasks, [(3, "hoàn thành"), (0, "quá hạn"), (12, "đang thực hiện")])
    'trong 15 nhiệm vụ: 03 hoàn thành và 12 đang thực hiện'
    >>> write_split(tasks, [(3, "hoàn thành"), (0, "quá hạn")])
    'cả 03 nhiệm vụ đều hoàn thành'
    """
    total = sum(count for count, _ in parts)
    largest = max(parts, default=(0, ""))
    return write_sentence(
        sentence,
        largest[0],
        total,
        parts=join_parts(parts),
        phrase=largest[1],
        **values,
    )


def join_parts(parts: Sequence[tuple[int, str]]) -> str:
    """Counts with their phrases as a sentence lists them, without those of none."""
    return join_and([f"{format_count(count)} {phrase}" for count, phrase in parts if count])


def write_list(items: Sequence[str], limit: int, rest: str) -> str:
    """The items in one sentence, at most `limit` of them, then `rest` with {count} of the others.

    >>> write_list(["A", "B", "C", "D"], 2, "{count} cơ quan khác")
    'A, B và 02 cơ quan khác'
    """
    shown = list(items[:limit])
    if len(items) > limit:
        shown.append(fill_pattern(rest, {"count": format_count(len(items) - limit)}))
    return join_and(shown)


def tidy_quote(text: str) -> str:
    r"""An agency's own words in one line: bullets and doubled marks dropped, first letter large.

    Lines become clauses parted by ";". The end has no mark, so that the sentence around it
    can set its own; words are never changed.

    >>> tidy_quote("- đã ban hành Kế hoạch;\n-  tổ chức 03 hội nghị..")
    'Đã ban hành Kế hoạch; tổ chức 03 hội nghị'
    >>> tidy_quote("Đã làm:\n+ trồng rừng.\n+ -5% diện tích")
    'Đã làm: trồng rừng; -5% diện tích'
    """
    quote = ""
    for line in clean(text).splitlines():
        words = _BULLET.sub("", line).rstrip(_ENDS + " ")
        if words:
            # What ends with a colon introduces the lines below it.
            opens = line.rstrip().endswith(":")
            quote += words + (": " if opens else "; ")
    quote = quote.rstrip(_ENDS + " ")
    return begin_sentence(quote)


def shorten_quote(text: str, words: int) -> str:
    """The whole clauses at the beginning of a tidy quote that fit into `words`; "" if none does.

    A clause is never cut, since half of one may say the opposite.

    >>> shorten_quote("Đã ban hành Kế hoạch; tổ chức 03 hội nghị", 5)
    'Đã ban hành Kế hoạch'
    >>> shorten_quote("Chưa ban hành được Kế hoạch", 2)
    ''
    """
    shown: list[str] = []
    for clause in _CLAUSE.split(text):
        if count_words(" ".join([*shown, clause])) > words:
            break
        shown.append(clause)
    return " ".join(shown).rstrip(_ENDS + " ")


def first_clause(text: str) -> str:
    """The first whole clause of a tidy quote, however long.

    >>> first_clause("Đã ban hành Kế hoạch; tổ chức 03 hội nghị")
    'Đã ban hành Kế hoạch'
    """
    return _CLAUSE.split(text)[0].rstrip(_ENDS + " ")


def shorten_title(title: str, words: int) -> str:
    """A heading of about `words`, the cut marked by "…", or all of it.

    It is cut where a clause ends or before a preposition, and nowhere else: a cut at a word
    may halve one of several syllables ("chuyển đổi số").

    >>> shorten_title("Phát triển đô thị thông minh, bền vững, bản sắc", 8)
    'Phát triển đô thị thông minh, bền vững…'
    >>> shorten_title("Đẩy mạnh chuyển đổi số các ngành kinh tế biển", 4)
    'Đẩy mạnh chuyển đổi số các ngành kinh tế biển'
    """
    title = title.rstrip(_ENDS + " ")
    parts = title.split()
    if len(parts) <= words:
        return title
    least, most = words // 2, words + words // 2
    ends = enumerate(parts[:most], start=1)
    clauses = [n for n, part in ends if n >= least and part.endswith((",", ";", ":"))]
    phrases = [
        n
        for n in range(least, words + 1)
        if parts[n].startswith("(")
        or (parts[n] in _PREPOSITIONS and parts[n - 1].lower() not in _JOINED)
    ]
    near = [n for n in clauses if n <= words]
    cut = (near[-1:] or clauses[:1] or phrases[-1:] or [len(parts)])[0]
    if cut == len(parts):
        return title
    short = " ".join(parts[:cut])
    if short.count("(") > short.count(")"):
        short = short[: short.rindex("(")].rstrip() or short
    return short.rstrip(_ENDS + " ") + "…"


def count_words(text: str) -> int:
    """How many words stand between blanks."""
    return len(text.split())


def end_sentence(text: str) -> str:
    """The text with one full stop, unless it ends with a mark that closes a sentence.

    >>> end_sentence("Đã ban hành"), end_sentence("Đã ban hành.")
    ('Đã ban hành.', 'Đã ban hành.')
    """
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…", ":")) else text.rstrip(";,") + "."
