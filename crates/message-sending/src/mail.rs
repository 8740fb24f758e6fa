//! E-mail through a company's own mail server.

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment as Part, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use pricing_domain::MailSecurity;

use crate::SendError;

/// How long a mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
const NO_CERTIFICATE: &str = "The certificate is written in PEM: it begins with -----BEGIN CERTIFICATE-----.";

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name, which its certificate must show.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// Who logs in; `None`: nobody does.
    pub user: Option<String>,
    /// A certificate in PEM that is trusted besides the system's: of a company's own authority.
    pub certificate_pem: Option<String>,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// `application/pdf`.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// “Prices <prices@shop.example>”, or the address alone.
    pub from: String,
    /// Addresses. Each one gets a message of its own, so that nobody sees the others.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same message again has the same id, so that mail programs show it once.
    pub id: String,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// Checks that a text is an address, with or without a name before it.
pub fn check_address(text: &str) -> Result<(), SendError> {
    mailbox(text).map(|_| ())
}

/// Checks settings without connecting.
pub fn check_server(server: &MailServer) -> Result<(), SendError> {
    let host = server.host.trim();
    if host.is_empty() || host.contains(['/', ' ', '@']) || server.port == 0 {
        let words = "Write the mail server's name and port, such as mail.example.com and 465.";
        return Err(SendError::Refused(words.into()));
    }
    if server.security == MailSecurity::Plain && !is_this_machine(host) {
        let words = "Without TLS the password and the mail could be read on the way: only a server on this machine may be used so.";
        return Err(SendError::Refused(words.into()));
    }
    transport(server, None).map(|_| ())
}

/// Hands a message to a mail server.
pub async fn send_mail(server: &MailServer, password: Option<&str>, mail: &Mail) -> Result<(), SendError> {
    check_server(server)?;
    let message = message(mail)?;
    let sent = transport(server, password)?.send(message).await;
    sent.map(|_| ()).map_err(|error| {
        let words = format!("{}:{}: {}", server.host, server.port, cause(&error));
        // Authentication and addresses are refused for good (5xx); all else may pass.
        if error.is_permanent() { SendError::Refused(words) } else { SendError::NotNow(words) }
    })
}

/// The innermost words: the ones before only say that something went wrong.
fn cause(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(inner) = next {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        next = inner.source();
    }
    words
}

fn transport(server: &MailServer, password: Option<&str>) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let refused = |error: lettre::transport::smtp::Error| {
        SendError::Refused(format!("The certificate or name of {} cannot be used: {}", server.host, cause(&error)))
    };
    let tls = || {
        let mut parameters = TlsParameters::builder(server.host.trim().to_owned());
        if let Some(pem) = server.certificate_pem.as_deref().filter(|pem| !pem.trim().is_empty()) {
            if !pem.contains("-----BEGIN CERTIFICATE-----") {
                return Err(SendError::Refused(NO_CERTIFICATE.into()));
            }
            parameters = parameters.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(refused)?);
        }
        parameters.build().map_err(refused)
    };
    let tls = match server.security {
        MailSecurity::Tls => Tls::Wrapper(tls()?),
        MailSecurity::StartTls => Tls::Required(tls()?),
        MailSecurity::Plain => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.trim())
        .port(server.port)
        .timeout(Some(PATIENCE))
        .tls(tls);
    if let (Some(user), Some(password)) = (&server.user, password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.to_owned()));
    }
    Ok(builder.build())
}

fn message(mail: &Mail) -> Result<Message, SendError> {
    let refused = |error: lettre::error::Error| SendError::Refused(format!("The message cannot be written: {error}"));
    // A line break in a name of a product must not begin another header.
    let subject: String = mail.subject.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let builder = Message::builder()
        .from(mailbox(&mail.from)?)
        .to(mailbox(&mail.to)?)
        .subject(subject)
        .message_id(Some(format!("<{}>", mail.id)));
    if mail.attachments.is_empty() {
        return builder.singlepart(SinglePart::plain(mail.text.clone())).map_err(refused);
    }
    let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(mail.text.clone()));
    for file in &mail.attachments {
        let kind = ContentType::parse(&file.media_type)
            .map_err(|_| SendError::Refused(format!("“{}” is no kind of file.", file.media_type)))?;
        parts = parts.singlepart(Part::new(file.name.clone()).body(file.bytes.clone(), kind));
    }
    builder.multipart(parts).map_err(refused)
}

fn mailbox(text: &str) -> Result<Mailbox, SendError> {
    let text = text.trim();
    let refused = || SendError::Refused(format!("“{text}” is no e-mail address; write it like name@example.com."));
    match text.parse::<Mailbox>() {
        Ok(mailbox) => Ok(mailbox),
        Err(_) => text.parse::<Address>().map(|address| Mailbox::new(None, address)).map_err(|_| refused()),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use pricing_domain::MailSecurity;

    use super::{Mail, MailServer, check_address, check_server, message};

    fn server(host: &str, security: MailSecurity) -> MailServer {
        MailServer { host: host.into(), port: 465, security, user: None, certificate_pem: None }
    }

    #[test]
    fn addresses_are_checked() {
        for right in ["a@example.com", "Prices <prices@shop.example>", " a.b+c@example.co.uk "] {
            assert!(check_address(right).is_ok(), "{right}");
        }
        for wrong in ["", "a", "a@", "@example.com", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
            assert!(check_address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn without_tls_only_this_machine_is_spoken_to() {
        assert!(check_server(&server("127.0.0.1", MailSecurity::Plain)).is_ok());
        assert!(check_server(&server("mail.example.com", MailSecurity::Plain)).is_err());
        assert!(check_server(&server("mail.example.com", MailSecurity::Tls)).is_ok());
        assert!(check_server(&server("", MailSecurity::Tls)).is_err());
        let pem = MailServer { certificate_pem: Some("nonsense".into()), ..server("a.example", MailSecurity::Tls) };
        assert!(check_server(&pem).is_err());
    }

    #[test]
    fn a_line_break_in_a_subject_begins_no_header() {
        let mail = Mail {
            from: "a@example.com".into(),
            to: "b@example.com".into(),
            subject: "Price\r\nBcc: c@example.com".into(),
            text: "Text".into(),
            id: "1@omnipricex".into(),
            attachments: vec![],
        };
        let text = String::from_utf8(message(&mail).expect("a message").formatted()).expect("text");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
        assert!(text.contains("Message-ID: <1@omnipricex>"), "{text}");
    }
}
