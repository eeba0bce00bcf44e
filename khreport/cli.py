"""The command line, Vietnamese throughout. Each command is one verb of the library."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from khreport.cli_agencies import add_agencies
from khreport.cli_back import add_close, add_folder, add_reply, add_unlock
from khreport.cli_commands import COMMANDS
from khreport.cli_lint import add_lint
from khreport.cli_mail import add_remind, add_send
from khreport.cli_output import print_json, running
from khreport.cli_status import add_status_commands
from khreport.cli_trace import add_trace
from khreport.cli_word import add_letter, add_report
from khreport.errors import KhreportError

FAILED = 2
"""The exit code of a command that could not run."""

# argparse takes its own words from gettext; these stand in for a catalogue.
WORDS = {
    "usage: ": "Cách dùng: ",
    "positional arguments": "Tham số",
    "options": "Tùy chọn",
    "show this help message and exit": "hiện hướng dẫn này rồi thoát",
    "the following arguments are required: %s": "còn thiếu: %s",
    "unrecognized arguments: %s": "không hiểu: %s",
    "not allowed with argument %s": "không dùng cùng %s",
    "expected one argument": "cần một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "không có %(value)r; hãy chọn một trong: %(choices)s"
    ),
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s chưa rõ, có thể là %(matches)s"
    ),
}


class Parser(argparse.ArgumentParser):
    """A parser whose refusals say where help is."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the command line."""
        raise KhreportError(f"Lệnh chưa đúng: {message}.\nXem hướng dẫn: {self.prog} --help")


class ShowVersion(argparse.Action):
    """``--version``: looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print the version of the installed package, and leave."""
        from importlib.metadata import version

        print(f"khreport {version('khreport')}")
        parser.exit()


def make_parser() -> Parser:
    """The whole command line."""
    for module_word in ("_", "ngettext"):
        if not hasattr(argparse, module_word):  # a Python that names them otherwise
            break
    else:
        argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
        argparse.ngettext = (  # type: ignore[attr-defined]
            lambda one, many, n: WORDS.get(one if n == 1 else many, one if n == 1 else many)
        )
    parser = Parser(
        prog="khreport",
        description="Lấy báo cáo thực hiện kế hoạch của các cơ quan bằng Excel: phát biểu mẫu, "
        "kiểm tra, trả lại chỗ sai, tổng hợp, viết báo cáo năm.",
        epilog="Xem thử toàn bộ: khreport demo",
    )
    parser.add_argument(
        "--version", action=ShowVersion, nargs=0, help="hiện phiên bản chương trình rồi thoát"
    )
    commands = parser.add_subparsers(
        title="Các lệnh", dest="command", required=True, metavar="LỆNH"
    )

    def add(name: str, words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument(
            "--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác"
        )
        return command

    plan = commands.add_parser("plan", help="kế hoạch kèm theo chương trình")
    plans = plan.add_subparsers(title="Các lệnh", dest="action", required=True, metavar="LỆNH")
    export = plans.add_parser("export", help="in nhiệm vụ, chỉ tiêu, cơ quan của kế hoạch")
    export.add_argument("plan", metavar="KẾ_HOẠCH", help="mã kế hoạch, ví dụ qd1165, hoặc thư mục")
    export.add_argument("--json", action="store_true", help="in đầy đủ dạng JSON")

    init = add("init", "tạo thư mục cho một đợt báo cáo")
    init.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    init.add_argument(
        "--plan", default="qd1165", help="mã kế hoạch hoặc thư mục kế hoạch (mặc định qd1165)"
    )
    init.add_argument(
        "--period",
        required=True,
        metavar="KỲ",
        help="kỳ báo cáo, ví dụ 2024, 2024-Q1, 2024-T03, 2024-6T, 2024-9T, 2022-2025",
    )

    templates = add("templates", "ghi biểu mẫu cho từng cơ quan")
    templates.add_argument("folder", metavar="THƯ_MỤC", type=Path)
    templates.add_argument(
        "--previous",
        metavar="THƯ_MỤC",
        type=Path,
        help="đợt kỳ trước, đã tổng hợp: ghi sẵn phần đã báo cáo, khép việc đã hoàn thành",
    )

    add_send(add("send", "gửi biểu mẫu cho từng cơ quan qua thư điện tử"))

    check = add("check", "kiểm tra tệp các cơ quan gửi về")
    check.add_argument(
        "paths", metavar="TỆP", type=Path, nargs="+", help="tệp, thư mục, hoặc thư mục đợt báo cáo"
    )
    check.add_argument(
        "--campaign", type=Path, metavar="THƯ_MỤC", help="đợt báo cáo đã phát biểu mẫu"
    )
    check.add_argument(
        "--corrections",
        type=Path,
        metavar="THƯ_MỤC",
        help="nơi ghi bản trả lại có đánh dấu chỗ sai",
    )
    check.add_argument(
        "--summary",
        type=Path,
        metavar="TỆP",
        help="ghi bảng kê .xlsx: kết quả từng tệp, liên kết đến tệp và bản trả lại",
    )

    add_status_commands(add)
    add_remind(add("remind", "nhắc cơ quan chưa nộp, nộp thiếu, chưa sửa theo các bước đã đặt"))

    add_folder(add("collect", "nhận bản nộp từ inbox/ và hộp thư, rồi kiểm tra"))
    add_reply(add("reply", "trả lời các bản nộp mới: cảm ơn, hoặc kèm bản trả lại"))
    add_close(add("close", "khóa sổ: bản nộp đến sau phải chờ mở khóa; hoặc mở lại"))
    add_unlock(add("unlock", "mở khóa, nhận bản nộp muộn của một cơ quan"))

    consolidate = add("consolidate", "tổng hợp các bản nộp đã đạt")
    consolidate.add_argument("folder", metavar="THƯ_MỤC", type=Path)

    add_letter(add("letter", "viết công văn gửi biểu, nhắc hạn, đề nghị gửi báo cáo quá hạn"))
    add_trace(add("trace", "tra một số liệu của báo cáo: các dòng, tệp, sheet, ô đã đọc"))
    add_report(add("report", "viết báo cáo Word của cơ quan tổng hợp, hoặc của một cơ quan"))

    add_lint(add("lint", "chấm thể thức một văn bản Word theo quy định"))

    limits = add("limits", "in các giới hạn khi đọc tệp gửi về")
    limits.add_argument(
        "folder", metavar="THƯ_MỤC", type=Path, nargs="?", help="đợt báo cáo có giới hạn riêng"
    )

    _add_rules(add("rules", "in các quy tắc kiểm tra"))
    add_agencies(add("agencies", "in cơ quan trả lời hiện nay, điều còn phải xác nhận"))

    demo = add("demo", "làm thử trọn một đợt báo cáo với số liệu minh họa")
    demo.add_argument("folder", metavar="THƯ_MỤC", type=Path, nargs="?", default=Path("demo"))
    demo.add_argument("--period", default="2024", metavar="KỲ", help="kỳ báo cáo, ví dụ 2026")
    return parser


def _add_rules(rules: argparse.ArgumentParser) -> None:
    rules.add_argument("--form", metavar="BIỂU", help="chỉ in quy tắc của một biểu, ví dụ PL2")
    rules.add_argument(
        "--campaign", type=Path, metavar="THƯ_MỤC", help="kèm quy tắc riêng của đợt báo cáo"
    )
    rules.add_argument(
        "--markdown", action="store_true", help="in trang docs/quy-tac.md của chương trình"
    )
    actions = rules.add_subparsers(title="Các lệnh", dest="action", metavar="LỆNH")
    words = "tìm chỗ sai trong các tệp quy tắc đã sửa"
    cards = actions.add_parser("check", help=words, description=words)
    cards.add_argument(
        "folder", metavar="THƯ_MỤC", type=Path, help="thư mục có tệp quy tắc, hoặc đợt báo cáo"
    )
    cards.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="in kết quả dạng JSON"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    given = sys.argv[1:] if arguments is None else arguments
    fault = _run(given)
    if isinstance(fault, int):
        return fault
    print(fault, file=sys.stderr)
    if "--json" in given:
        print_json({"error": fault})
    return FAILED


def _run(arguments: Sequence[str]) -> int | str:
    """The exit code of a command that ran, or why it could not, in words."""
    try:
        options = make_parser().parse_args(arguments)
        action = getattr(options, "action", None)
        with running(" ".join(filter(None, [options.command, action]))):
            return COMMANDS[options.command](options)
    except KhreportError as error:
        return str(error)
    except KeyboardInterrupt:
        return "Đã dừng theo yêu cầu. Chạy lại lệnh để làm tiếp; không mất dữ liệu."
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception:  # noqa: BLE001 - an officer gets a sentence, we get the traceback
        return _keep_our_own_fault()


def _keep_our_own_fault() -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="khreport-loi-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exc(file=file)
    return (
        "Chương trình gặp lỗi ngoài dự kiến; dữ liệu đã lưu vẫn nguyên. "
        f"Hãy gửi tệp {file.name} cho người phụ trách phần mềm."
    )
