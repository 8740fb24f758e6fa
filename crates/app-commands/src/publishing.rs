//! Jobs about shops: reading a catalogue, handing prices over, putting them back; and what is taken up by itself while a
//! host stays open.

use app_contract::{CommandError, ErrorCode, JobKind, JobResult, JobView, StatedVat};
use pricing_domain::{ConnectionId, OtherPrices, PublicationId};
use pricing_operations::Workspace;

use crate::errors::crossing;
use crate::host::Host;

impl Host {
    /// Starts reading the catalogue of a shop.
    pub(crate) async fn pull(&self, connection: ConnectionId, stated_vat: StatedVat) -> Result<JobView, CommandError> {
        let (workspace, name) = self.connection_named(connection).await?;
        self.start_job(
            JobKind::Import,
            format!("Read the catalogue of {name}"),
            "products",
            move |progress| async move {
                Ok(JobResult::Import(workspace.pull_catalogue(connection, &stated_vat, &progress).await?))
            },
        )
    }

    /// Starts looking at what publishing would do.
    pub(crate) async fn look_at_publishing(
        &self,
        connection: ConnectionId,
        other_prices: OtherPrices,
    ) -> Result<JobView, CommandError> {
        let (workspace, name) = self.connection_named(connection).await?;
        self.start_job(JobKind::Publishing, format!("Dry run for {name}"), "prices", move |progress| async move {
            Ok(JobResult::Delivery(workspace.dry_run(connection, other_prices, &progress).await?))
        })
    }

    /// Records that the approved prices are to be in a shop, and starts sending them.
    pub(crate) async fn publish(
        &self,
        connection: ConnectionId,
        other_prices: OtherPrices,
    ) -> Result<JobView, CommandError> {
        self.refuse_second()?;
        let (workspace, _) = self.connection_named(connection).await?;
        let id = workspace.intend_prices(connection, other_prices, None).await.map_err(crossing)?;
        self.deliver(id).await
    }

    /// Records that previous prices are to be in a shop again, and starts sending them.
    pub(crate) async fn put_back(&self, publication: PublicationId) -> Result<JobView, CommandError> {
        self.refuse_second()?;
        let workspace = self.workspace().await?;
        let id = workspace.intend_restore(publication).await.map_err(crossing)?;
        self.deliver(id).await
    }

    /// Starts sending and verifying what is intended.
    pub(crate) async fn deliver(&self, publication: PublicationId) -> Result<JobView, CommandError> {
        let workspace = self.workspace().await?;
        let view = workspace.publication(publication).await.map_err(crossing)?;
        let name = view.connection.unwrap_or_default();
        let title = if view.is_restore { format!("Put prices back in {name}") } else { format!("Publish to {name}") };
        self.start_job(JobKind::Publishing, title, "prices", move |progress| async move {
            Ok(JobResult::Delivery(workspace.deliver(publication, &progress).await?))
        })
    }

    /// Takes up what is due, and at the first look into a workspace also what a program left in the middle. One at a time;
    /// the others follow at the next look.
    pub(crate) async fn take_publications(&self, workspace: &Workspace, is_first: bool) -> Result<(), CommandError> {
        if self.refuse_second().is_err() || workspace.is_publishing_somewhere() {
            return Ok(());
        }
        let left = if is_first { workspace.left_publications().await } else { workspace.due_publications().await };
        if let Some(publication) = left.map_err(crossing)?.first() {
            self.deliver(*publication).await?;
        }
        Ok(())
    }

    fn refuse_second(&self) -> Result<(), CommandError> {
        match self.jobs().running().iter().find(|job| job.kind == JobKind::Publishing) {
            None => Ok(()),
            Some(other) => Err(CommandError::new(
                ErrorCode::Conflict,
                format!("“{}” is still at work. Wait for it, or cancel it.", other.title),
            )),
        }
    }

    async fn connection_named(&self, id: ConnectionId) -> Result<(Workspace, String), CommandError> {
        let workspace = self.workspace().await?;
        let known = workspace.connections().await.map_err(crossing)?;
        let found = known.into_iter().find(|one| one.id == id).ok_or_else(|| {
            CommandError::new(ErrorCode::NotFound, "This connection is not in the workspace any more.")
        })?;
        Ok((workspace, found.name))
    }
}
