//! Keys and passwords: kept by the system's keychain, never in the workspace file.

use secret_store::{Secret, SecretError, SecretName, SecretStore};

use crate::{OperationError, Workspace};

impl From<SecretError> for OperationError {
    fn from(problem: SecretError) -> Self {
        Self::refused(problem.to_string())
    }
}

impl Workspace {
    /// The secret of a name, such as `connection/0192…/key`.
    pub async fn find_secret(&self, name: SecretName) -> Result<Option<Secret>, OperationError> {
        self.with_keychain(move |secrets| secrets.find(&name)).await
    }

    /// Keeps a secret under a name, in place of the one before.
    pub async fn set_secret(&self, name: SecretName, secret: Secret) -> Result<(), OperationError> {
        self.with_keychain(move |secrets| secrets.set(&name, &secret)).await
    }

    /// Forgets a secret; one that is not there is no error.
    pub async fn remove_secret(&self, name: SecretName) -> Result<(), OperationError> {
        self.with_keychain(move |secrets| secrets.remove(&name)).await
    }

    async fn with_keychain<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SecretStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, OperationError> {
        let secrets = self.secrets.clone();
        let done = tokio::task::spawn_blocking(move || work(&secrets)).await;
        done.map_err(|error| OperationError::fault(error.to_string()))?.map_err(OperationError::from)
    }
}
