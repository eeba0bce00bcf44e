"""A real Dovecot on loopback, with a mailbox of its own in a folder of the test's."""

from __future__ import annotations

import datetime as dt
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

HOST, USER, PASSWORD = "127.0.0.1", "tonghop", "mat-khau-thu"
TESTED = "2.3."
"""The series whose settings are written here."""

SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
{users}
first_valid_uid = 0
mail_location = maildir:{folder}/mail
mail_fsync = never
disable_plaintext_auth = no
ssl = {ssl}
{certificate}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server: its ports, the log it writes, and the certificate that it shows."""

    folder: Path
    port: int
    tls_port: int

    @property
    def certificate(self) -> Path:
        return self.folder / "chung-thu.pem"

    def connect(self, folder: str = "INBOX", wait_s: float = 10) -> imaplib.IMAP4:
        server = imaplib.IMAP4(HOST, self.port, timeout=wait_s)
        server.login(USER, PASSWORD)
        server.select(folder)
        return server

    def deliver(self, data: bytes, came: dt.datetime, folder: str = "INBOX") -> None:
        """The letter is in the folder, as if it had come at that moment."""
        with self.connect() as server:
            answer, said = server.append(folder, "", came, data)
            assert answer == "OK", said

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each letter in the folder, in their order."""
        with self.connect(folder) as server:
            _, lines = server.fetch("1:*", "(FLAGS)")
        return [line.decode() for line in lines if isinstance(line, bytes)]


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def start(folder: Path) -> tuple[Dovecot, subprocess.Popen[bytes]]:
    """A new server over an empty mailbox, and its process."""
    program = shutil.which(
        "dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    )
    lack = "" if program else "Dovecot is not installed"
    if program:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        if not version.stdout.startswith(TESTED):
            lack = (
                f"Dovecot is {version.stdout.split()[0]}, and its settings are known of {TESTED}x"
            )
    if lack or program is None:
        if os.environ.get("KHREPORT_REQUIRE_DOVECOT"):
            pytest.fail(f"{lack}, and KHREPORT_REQUIRE_DOVECOT is set")
        pytest.skip(f"skipped: {lack}")
    server = Dovecot(folder, free_port(), free_port())
    make_certificate(folder)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="ascii")
    (folder / "home").mkdir()
    # the server reads no mail as root
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    settings = folder / "dovecot.conf"
    settings.write_text(
        SETTINGS.format(
            folder=folder,
            users=_users(),
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=server.port,
            tls_port=server.tls_port,
            ssl="yes",
            certificate=f"ssl_cert = <{server.certificate}\nssl_key = <{folder}/khoa.pem",
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen([program, "-F", "-c", str(settings)])
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            server.connect(wait_s=1).logout()
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
        else:
            return server, process
    process.terminate()
    process.wait(timeout=10)
    log = folder / "log"
    pytest.fail(f"Dovecot does not answer: {log.read_text()[-2000:] if log.exists() else 'no log'}")


def _users() -> str:
    """Who runs the parts of the server: root's are the package's own users."""
    if os.getuid() == 0:
        return ""
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return (
        f"default_internal_user = {user}\ndefault_internal_group = {group}\n"
        f"default_login_user = {user}"
    )


def make_certificate(folder: Path) -> None:
    """A certificate for this machine that no authority vouches for, and its key."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", f"subjectAltName=IP:{HOST},DNS:localhost"]
    files = ["-keyout", str(folder / "khoa.pem"), "-out", str(folder / "chung-thu.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
