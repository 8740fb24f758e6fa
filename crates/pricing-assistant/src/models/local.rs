//! Whether a model can be reached, and servers on this machine.

use std::time::{Duration, Instant as Stopwatch};

use app_contract::{LocalModelServer, ModelKind, ModelSettings, ModelTest};
use futures::future::join_all;
use secret_store::Secret;

use super::connect;

/// Where servers listen unless told otherwise: Ollama, llama.cpp, LM Studio, vLLM, Jan.
const USUAL_PORTS: &[u16] = &[11434, 8080, 1234, 8000, 1337];
const LOCAL_WAIT: Duration = Duration::from_millis(800);
const TEST_WAIT: Duration = Duration::from_secs(15);

/// Asks a server for its models. A failure is an answer.
pub async fn test_connection(settings: &ModelSettings, key: Option<&Secret>) -> ModelTest {
    let started = Stopwatch::now();
    let failed = |message: String| ModelTest { reached: false, message, models: Vec::new(), elapsed_ms: 0 };
    let mut test = match connect(settings, key) {
        Err(error) => failed(format!("Not reached: {error}.")),
        Ok(model) => match tokio::time::timeout(TEST_WAIT, model.list_models()).await {
            Err(_) => failed("Not reached: the server was silent for too long.".to_owned()),
            Ok(Err(error)) => failed(format!("Not reached: {error}.")),
            Ok(Ok(models)) => {
                let wanted = settings.model.trim();
                let message = if models.is_empty() {
                    "Reached. It names no models.".to_owned()
                } else if wanted.is_empty() || models.iter().any(|model| model == wanted) {
                    "Reached.".to_owned()
                } else {
                    "Reached, but it does not name this model.".to_owned()
                };
                ModelTest { reached: true, message, models, elapsed_ms: 0 }
            }
        },
    };
    test.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    test
}

/// Servers with models at the usual places of this machine; nowhere else is asked.
pub async fn find_local_servers() -> Vec<LocalModelServer> {
    let asked = USUAL_PORTS.iter().map(|port| async move {
        let url = format!("http://127.0.0.1:{port}/v1");
        let settings = ModelSettings { kind: ModelKind::Compatible, url: url.clone(), ..ModelSettings::default() };
        let model = connect(&settings, None).ok()?;
        let models = tokio::time::timeout(LOCAL_WAIT, model.list_models()).await.ok()?.ok()?;
        (!models.is_empty()).then_some(LocalModelServer { url, models })
    });
    join_all(asked).await.into_iter().flatten().collect()
}
