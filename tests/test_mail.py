"""Letters as they arrive, the texts that they are made of, and the servers that are trusted."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from email import message_from_bytes, policy
from email.utils import getaddresses
from pathlib import Path

import pytest
from mail_round import LISTED, PERSON, list_contacts, mailed, no_wait, went, with_server
from mail_server import HOST, PASSWORD, USER, Postbox, Server, header, let_in, parse

import khreport
from khreport.campaign import Campaign
from khreport.edges.folder import open_campaign
from khreport.edges.ledger import Ledger
from khreport.edges.mail import compose
from khreport.errors import CampaignError, MailError
from khreport.letters import Address, Letter, LetterKind, Message, write_letter
from khreport.parse.settings import parse_settings


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A campaign with somebody to write to at some agencies."""
    return list_contacts(campaign, LISTED)


def test_names_texts_and_the_workbook_arrive_as_they_left(campaign: Campaign) -> None:
    postbox = Postbox()
    with Server(postbox) as server:
        campaign = with_server(campaign, server.port)
        khreport.send(campaign, wait=no_wait)
    data = next(data for to, data in postbox.arrived if to == [mailed("sldtbxh")])
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.isascii()
    message = parse(data)
    assert header(message, "Subject") == (
        "Biểu mẫu báo cáo năm 2024 của Sở Lao động - Thương binh và Xã hội, hạn gửi 13/12/2024"
    )
    ((shown, address),) = getaddresses([message["To"]])
    assert address == mailed("sldtbxh")
    assert header({"To": shown}, "To") == PERSON  # type: ignore[arg-type]
    assert header(message, "From") == ("Sở Kế hoạch và Đầu tư tỉnh Khánh Hòa <tonghop@dot.example>")
    assert message["X-Unsent"] is None
    assert message["Date"]
    whole = message_from_bytes(data, policy=policy.default)
    plain, html = (whole.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    text = plain.get_content()
    assert "Kính gửi: Sở Lao động - Thương binh và Xã hội" in text
    assert "chậm nhất ngày 13/12/2024" in text
    assert "**" not in text + html.get_content()
    assert "<b>ngày 13/12/2024</b>" in html.get_content()
    assert "Điện thoại" not in text  # nothing to fill it with
    assert "thay bản" not in text
    (workbook,) = whole.iter_attachments()
    assert workbook.get_filename() == "SLDTBXH-qd1165-2024.xlsx"
    assert workbook.get_content_type().endswith("spreadsheetml.sheet")
    path = campaign.outgoing / "SLDTBXH-qd1165-2024.xlsx"
    assert workbook.get_content() == path.read_bytes()


def test_the_officer_s_own_text_goes_before_ours(campaign: Campaign) -> None:
    text = campaign.letters / "gui-bieu.txt"
    text.write_text("Tiêu đề: Gửi {agency}\n\nHạn **{due}** & xin cảm ơn.\n", encoding="utf-8")
    (letter, *_) = (o.message.letter for o in khreport.send(campaign, dry_run=True).outcomes)
    assert letter.subject == "Gửi Sở Tài chính"
    assert letter.text == "Hạn 13/12/2024 & xin cảm ơn."
    assert "<p>Hạn <b>13/12/2024</b> &amp; xin cảm ơn.</p>" in letter.html
    text.unlink()
    assert "Kính gửi" in khreport.send(campaign, dry_run=True).outcomes[0].message.letter.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kính gửi {agency}", "thu.txt: thiếu tiêu đề"),
        ("Tiêu đề: {phone}\n", "thu.txt, dòng 1: tiêu đề trống"),
        ("# lời\nTiêu đề: A\n{agenci}", "thu.txt, dòng 3: không có chỗ điền {agenci}. Có phải {a"),
        ("Tiêu đề: A\n\n{agency", "thu.txt, dòng 3: dấu ngoặc nhọn không khớp"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_filled_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(CampaignError) as caught:
        write_letter(text, "thu.txt", {"agency": "Sở Y tế", "phone": ""})
    assert told in str(caught.value)


def test_nothing_that_is_filled_in_can_add_a_header(tmp_path: Path) -> None:
    evil = "Sở Y tế\r\nBcc: ai-do@khac.example\n\nđã chèn"
    path = tmp_path / "Biểu mẫu Sở Y tế.xlsx"
    path.write_bytes(b"PK")
    letter = write_letter("Tiêu đề: {agency}\n\n{agency}", "t", {"agency": evil})
    message = Message(
        agency="syt", agency_name=evil, kind="form", about="x", file="x.eml",
        letter=Letter(subject=evil, text=letter.text, html=letter.html),
        sender=Address(evil, "a@b.example"),
        to=(Address(evil, "c@d.example"), Address("A\r\nBcc: x@y.example", "e@f.example")),
        in_reply_to="<x@y>\r\nBcc: z@z.example", attachments=(path,),
    )  # fmt: skip
    made = parse(compose(message, "<form.1@b.example>"))
    assert made["Bcc"] is None
    assert header(made, "Subject") == "Sở Y tế Bcc: ai-do@khac.example đã chèn"
    assert [address for _, address in getaddresses([made["To"]])] == ["c@d.example", "e@f.example"]
    assert [part.get_filename() for part in made.walk()][-1] == path.name
    assert "\n" not in letter.subject


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody vouches for but itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI"):
            pytest.fail("openssl is not installed")
        pytest.skip("skipped: openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "chung-thu.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", f"subjectAltName=IP:{HOST}", "-keyout", path.with_suffix(".k"),
         "-out", path],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".k"))
    return context


def test_starttls_is_trusted_only_with_the_certificate_that_is_named(
    campaign: Campaign, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postbox = Postbox()
    tls = server_side(certificate)
    monkeypatch.setenv("KHREPORT_SMTP_PASSWORD", PASSWORD)
    with Server(
        postbox, tls, require_starttls=True, authenticator=let_in, auth_required=True
    ) as server:
        secure = {"security": "starttls", "user": USER}
        with pytest.raises(MailError, match="Không tin được chứng thư"):
            khreport.send(with_server(campaign, server.port, **secure), wait=no_wait)
        assert postbox.arrived == []
        shutil.copy(certificate, campaign.folder / "tin.pem")
        campaign = with_server(campaign, server.port, ca_file="tin.pem", **secure)
        assert went(khreport.send(campaign, wait=no_wait))
    for path in campaign.folder.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


def test_tls_from_the_first_byte(campaign: Campaign, certificate: Path) -> None:
    postbox = Postbox()
    with Server(postbox, ssl_context=server_side(certificate)) as server:
        shutil.copy(certificate, campaign.folder / "tin.pem")
        secure = with_server(campaign, server.port, security="tls", ca_file="tin.pem")
        assert went(khreport.send(secure, wait=no_wait))
        with pytest.raises(MailError, match="Không đọc được chứng thư"):
            khreport.send(
                with_server(campaign, server.port, security="tls", ca_file="khong.pem"),
                again=["sxd"],
            )


def test_what_keeps_us_out_is_told_without_the_password(
    campaign: Campaign, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(certificate, campaign.folder / "tin.pem")
    secure = {"security": "starttls", "ca_file": "tin.pem", "user": USER}
    with Server(
        Postbox(), server_side(certificate), require_starttls=True, authenticator=let_in
    ) as server:
        campaign = with_server(campaign, server.port, **secure)
        monkeypatch.delenv("KHREPORT_SMTP_PASSWORD", raising=False)
        with pytest.raises(MailError, match="Chưa có mật khẩu của tonghop"):
            khreport.send(campaign)
        for wrong, told in (("sai-hoan-toan", "không nhận tên đăng nhập"), ("mậtkhẩu", "có dấu")):
            monkeypatch.setenv("KHREPORT_SMTP_PASSWORD", wrong)
            with pytest.raises(MailError, match=told) as caught:
                khreport.send(campaign)
            assert wrong not in f"{caught.value}{caught.value.__cause__}"
    with pytest.raises(MailError, match="Không kết nối được với máy chủ thư"):
        khreport.send(with_server(campaign, server.port))
    with Server(Postbox()) as server, pytest.raises(MailError, match="không có STARTTLS"):
        khreport.send(with_server(campaign, server.port, security="starttls"))
    with Ledger(campaign.ledger) as ledger:
        assert ledger.events("sending") == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('host = "mail.dot.example"', "mục “address” đang trống"),
        ('address = "a@b.example"', "mục “host” đang trống"),
        ('host = "a"\naddress = "a@b"', "“a@b” không phải địa chỉ e-mail"),
        ('host = "a"\naddress = "a@b.example"\nsecurity = "none"', "chỉ dùng cho máy chủ trên"),
        ('host = "a"\naddress = "a@b.example"\nsecurity = "ssl"', "không nhận “ssl”"),
        ('host = "a"\naddress = "a@b.example"\nper_minute = 0', "không nhỏ hơn 1"),
        ('host = "a"\naddress = "a@b.example"\npassword = "bi-mat"', "không ghi mật khẩu vào tệp"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(
    campaign: Campaign, lines: str, told: str
) -> None:
    text = (campaign.folder / "khreport.toml").read_text(encoding="utf-8")
    with pytest.raises(CampaignError, match=told) as caught:
        parse_settings(f"{text}\n[smtp]\n{lines}\n", "khreport.toml")
    assert "bi-mat" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("form", "auto-generated"), ("reminder", "auto-generated"), ("reply", "auto-replied")],
)
def test_programs_that_answer_for_who_is_away_are_told_to_be_silent(
    kind: LetterKind, said: str
) -> None:
    message = Message(
        agency="syt", agency_name="Sở Y tế", kind=kind, about="x", file="x.eml",
        letter=Letter(subject="x", text="x", html="x"), sender=Address("", "a@b.example"),
        to=(Address("", "c@d.example"),),
    )  # fmt: skip
    assert parse(compose(message, "<form.1@b.example>"))["Auto-Submitted"] == said


def test_a_draft_leaves_it_to_the_mail_program_from_whom_it_is(campaign: Campaign) -> None:
    settings = campaign.folder / "khreport.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('\nemail = ""', '\nemail = "tonghop@dot.example"')
    settings.write_text(text, encoding="utf-8")
    khreport.templates(open_campaign(campaign.folder))
    khreport.send(open_campaign(campaign.folder))
    draft = parse((campaign.drafts / "SXD-qd1165-2024.eml").read_bytes())
    assert (draft["From"], draft["Date"]) == (None, None)
    assert "tonghop@dot.example" in draft["Reply-To"]
