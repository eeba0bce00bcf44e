"""What letters that go and letters that come need of a server alike: trust, a password, words."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from khreport.errors import MailError
from khreport.text import begin_sentence


def read_password(variable: str, user: str) -> str:
    """The password of a server's user, which stands in the environment only.

    Raises:
        MailError: there is none, or no server can be given it.

    """
    password = os.environ.get(variable, "")
    if not password:
        raise MailError(
            f"Chưa có mật khẩu của {user}. Hãy đặt mật khẩu vào biến môi trường {variable} "
            "rồi chạy lại."
        )
    if not password.isascii():
        raise MailError(
            f"Mật khẩu ở biến môi trường {variable} có chữ có dấu, máy chủ thư không nhận được. "
            "Hãy dùng mật khẩu không dấu."
        )
    return password


def find_ca_file(folder: Path, name: str) -> Path | None:
    """Where the certificate of the settings stands; None where they name none."""
    return folder / name if name else None


def trust_by(ca_file: Path | None, part: str) -> ssl.SSLContext:
    """Whom to trust: public authorities, or who stands in `ca_file` of that part of the settings.

    Raises:
        MailError: the file cannot be read.

    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise MailError(
            f"Không đọc được chứng thư “{ca_file and ca_file.name}” (ca_file, phần [{part}]). "
            "Hãy ghi tên một tệp .pem trong thư mục của đợt."
        ) from error


def tell_unreachable(error: Exception, server: str, part: str) -> str:
    """Why a server could not be reached or trusted, and what to see to in the settings."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"Không tin được chứng thư của {server}. Hãy xem lại host; máy chủ dùng chứng thư "
            f"tự cấp thì ghi tệp chứng thư vào ca_file, phần [{part}]."
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"Không lập được kết nối mã hóa với {server}. "
            f'Hãy đổi security ("starttls" hoặc "tls") hoặc port, phần [{part}].'
        )
    return (
        f"Không kết nối được với {server}. "
        f"Hãy xem lại mạng, tường lửa và host, port, phần [{part}], rồi chạy lại."
    )


def tell_login(server: str, part: str, variable: str) -> str:
    """What is said where a server does not take user and password."""
    return (
        f"{begin_sentence(server)}, không nhận tên đăng nhập hoặc mật khẩu. Hãy xem lại user, "
        f"phần [{part}], và biến môi trường {variable}."
    )
