//! Files of prices, laid down in a folder of an SFTP server by the system's own OpenSSH client.
//!
//! `sftp` runs as a child in batch mode, without a shell between: the user's SSH configuration, agent and known hosts
//! hold, and it never asks for anything. A file comes under another name first, is read back and compared, and then gets
//! its own, so that who fetches it never reads half of one.

mod address;
mod batch;
mod messages;
mod program;

use std::path::Path;

use secret_store::Secret;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) use address::DropAddress;
pub(crate) use address::check_key_file;

use crate::error::{ShopError, ShopErrorKind};
use crate::patience::Patience;
use crate::views::{Delivery, SendReport, ShopFacts};
use batch::{quoted, size_listed};
use program::{Program, Ran};

/// What is uploaded, and what comes back, as they are called on this machine.
const OUT: &str = "prices.csv";
const BACK: &str = "back.csv";
/// The empty file of a test.
const TEST_FILE: &str = "omnipricex-test.partial";

/// A folder of an SFTP server.
pub(crate) struct FileDrop {
    address: DropAddress,
    program: Program,
}

impl FileDrop {
    /// `key_file` is the path of a key file; empty: the user's agent and configuration have the keys.
    pub(crate) fn new(address: DropAddress, key_file: &Secret, patience: &Patience, stop: CancellationToken) -> Self {
        Self { program: Program::new(address.clone(), key_file.reveal(), patience, stop), address }
    }

    /// With an SSH configuration in place of the user's own.
    pub(crate) fn with_ssh_config(mut self, config: &Path) -> Self {
        self.program = self.program.with_config(config);
        self
    }

    /// Goes into the folder, writes an empty file there and removes it.
    pub(crate) async fn test(&self) -> Result<ShopFacts, ShopError> {
        let work = work_folder()?;
        write(&work, b"")?;
        let file = quoted(&format!("./{TEST_FILE}"));
        self.must(&work, &[format!("put {OUT} {file}")]).await?;
        let mut remarks = vec![self.address.manner()];
        if let Err(error) = self.must(&work, &[format!("rm {file}")]).await {
            if error.is_temporary() || error.kind == ShopErrorKind::Stopped {
                return Err(error);
            }
            remarks.push(format!(
                "The server lets nothing be removed: the empty file {TEST_FILE} of this test stays there."
            ));
        }
        Ok(ShopFacts {
            name: self.address.host_name().to_owned(),
            currency: None,
            prices_include_vat: None,
            products: None,
            may_read: false,
            vat_rates: Vec::new(),
            may_write: true,
            remarks,
        })
    }

    /// Lays a file down. The same hand-over has the same name, however often it is sent.
    pub(crate) async fn send(&self, delivery: &Delivery) -> SendReport {
        let Some(bytes) = &delivery.file else {
            return SendReport { broke_off: Some(ShopError::unreadable("no file")), ..SendReport::default() };
        };
        match self.lay_down(&delivery.id, bytes).await {
            Ok(remark) => SendReport { remark: Some(remark), ..SendReport::default() },
            Err(error) => SendReport { broke_off: Some(error), ..SendReport::default() },
        }
    }

    async fn lay_down(&self, id: &str, bytes: &[u8]) -> Result<String, ShopError> {
        let work = work_folder()?;
        write(&work, bytes)?;
        let name = self.address.file_name(id);
        let (partial, own) = (quoted(&format!("./{id}.partial")), quoted(&format!("./{name}")));
        let lines = [format!("put {OUT} {partial}"), format!("-ls -ln {partial}"), format!("get {partial} {BACK}")];
        let ran = self.run(&work, &lines).await?;
        let how = if ran.ok {
            let back = std::fs::read(work.path().join(BACK)).map_err(|error| on_this_machine(&error))?;
            if back != bytes {
                return Err(self.not_as_sent(&work, &partial).await);
            }
            "read back and equal"
        } else {
            // `sftp` shows each command before it does it. Some folders can be written and not read.
            let error = self.error(&ran);
            if error.is_temporary() || !ran.shown.contains("sftp> get ") {
                return Err(error);
            }
            match size_listed(&ran.shown, &format!("./{id}.partial")) {
                Some(size) if size == bytes.len() as u64 => "its size is right; the server lets nobody read it back",
                Some(_) => return Err(self.not_as_sent(&work, &partial).await),
                None => {
                    return Err(ShopError::new(
                        ShopErrorKind::NotPermitted,
                        "The server took the file and lets nobody look at it, so it is not known whether it is whole. \
                         Let this user read or list the folder.",
                    ));
                }
            }
        };
        self.rename(&work, id, &partial, &own).await?;
        Ok(format!("In the file {name}: {how}."))
    }

    /// Gives the file its own name. Servers that do not replace a file by renaming have the one before put aside first.
    async fn rename(&self, work: &TempDir, id: &str, partial: &str, own: &str) -> Result<(), ShopError> {
        let renamed = self.run(work, &[format!("rename {partial} {own}")]).await?;
        if renamed.ok {
            return Ok(());
        }
        let error = self.error(&renamed);
        if error.kind != ShopErrorKind::Refused {
            return Err(error);
        }
        let aside = quoted(&format!("./{id}.before"));
        let moved = self
            .run(work, &[format!("rename {own} {aside}"), format!("rename {partial} {own}"), format!("-rm {aside}")])
            .await?;
        if moved.ok {
            return Ok(());
        }
        // Where the second command was reached, the one before has lost its name.
        if moved.shown.contains(&format!("rename {partial}")) {
            self.run(work, &[format!("-rename {aside} {own}")]).await?;
        }
        Err(error)
    }

    async fn not_as_sent(&self, work: &TempDir, partial: &str) -> ShopError {
        let removed = self.run(work, &[format!("-rm {partial}")]).await;
        if let Err(error) = removed {
            return error;
        }
        ShopError::new(
            ShopErrorKind::Busy,
            "The file on the server is not the one that was sent; it was removed. It is tried again later.",
        )
    }

    async fn must(&self, work: &TempDir, lines: &[String]) -> Result<Ran, ShopError> {
        let ran = self.run(work, lines).await?;
        if ran.ok { Ok(ran) } else { Err(self.error(&ran)) }
    }

    fn error(&self, ran: &Ran) -> ShopError {
        messages::read(&ran.words, &self.address)
    }

    /// Runs commands in the folder of the drop.
    async fn run(&self, work: &TempDir, lines: &[String]) -> Result<Ran, ShopError> {
        let mut batch = format!("cd {}\n", quoted(self.address.folder()));
        for line in lines {
            batch.push_str(line);
            batch.push('\n');
        }
        self.program.run(work.path(), &batch).await
    }
}

fn work_folder() -> Result<TempDir, ShopError> {
    tempfile::tempdir().map_err(|error| on_this_machine(&error))
}

fn write(work: &TempDir, bytes: &[u8]) -> Result<(), ShopError> {
    std::fs::write(work.path().join(OUT), bytes).map_err(|error| on_this_machine(&error))
}

fn on_this_machine(error: &std::io::Error) -> ShopError {
    ShopError::new(
        ShopErrorKind::Refused,
        format!("A file for a moment cannot be written on this machine: {error}. Make room there."),
    )
}
