//! What the window must refuse, tried from inside the page.

use anyhow::{Context, Result, ensure};
use journeys::App;
use serde_json::Value;

/// Gives the outcome of a command as `ok: …` or `refused: …`.
const INVOKE: &str = "
    const [name, done] = [arguments[0], arguments[arguments.length - 1]];
    window.__TAURI_INTERNALS__.invoke(name, { name: 'get_status', payload: {} })
        .then((answer) => done('ok: ' + JSON.stringify(answer)), (error) => done('refused: ' + JSON.stringify(error)));
";

const POLICY: &str = "
    const done = arguments[arguments.length - 1];
    fetch('/').then((answer) => done(answer.headers.get('content-security-policy')), (error) => done(String(error)));
";

/// Tries what the policy forbids: code from text, code from a data address, an inline style, another site.
const FORBIDDEN: &str = "
    const done = arguments[arguments.length - 1];
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.head.append(script);
    const data = document.createElement('script');
    data.src = 'data:text/javascript,window.dataRan = true';
    document.head.append(data);
    const box = document.createElement('div');
    box.innerHTML = '<p style=\"color: red\"></p>';
    document.body.append(box);
    fetch('http://127.0.0.1:9/').catch(() => {}).then(() => setTimeout(() => {
        box.remove();
        done({ seen, inline: window.inlineRan === true, data: window.dataRan === true });
    }, 200));
";

/// The policy in force is the strict one, and the web view keeps to it.
pub async fn check_policy(app: &App) -> Result<()> {
    let answer = app.driver().execute_async(POLICY, Vec::new()).await?;
    let policy = answer.json().as_str().context("the page has a policy")?;
    for directive in ["script-src", "default-src"] {
        let sources = directive_of(policy, directive)?;
        for weak in ["data:", "blob:", "'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"] {
            ensure!(!sources.contains(&weak), "{directive} allows {weak}: {policy}");
        }
    }
    ensure!(!directive_of(policy, "style-src")?.contains(&"'unsafe-inline'"), "styles are open: {policy}");
    let tried = app.driver().execute_async(FORBIDDEN, Vec::new()).await?;
    let tried = tried.json();
    ensure!(tried["inline"] == false && tried["data"] == false, "forbidden code ran: {tried}");
    let seen = tried["seen"].as_array().cloned().unwrap_or_default();
    for directive in ["script-src-elem", "style-src-attr", "connect-src"] {
        ensure!(seen.contains(&Value::from(directive)), "{directive} was not enforced: {tried}");
    }
    Ok(())
}

/// The contract's door is open, everything else that shells usually offer is shut.
pub async fn check_commands(app: &App) -> Result<()> {
    let status = invoke(app, "run_command").await?;
    ensure!(status.starts_with("ok: ") && status.contains("publishing_stopped"), "{status}");
    for shut in [
        "plugin:dialog|open",
        "plugin:fs|read_text_file",
        "plugin:shell|open",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:app|version",
        "plugin:path|resolve_directory",
    ] {
        let outcome = invoke(app, shut).await?;
        ensure!(outcome.starts_with("refused: "), "{shut} is open: {outcome}");
    }
    Ok(())
}

/// Neither a link nor a script leads the window away, and no second window opens.
pub async fn check_navigation(app: &App) -> Result<()> {
    for away in ["https://shop.example/", "file:///etc/passwd", "data:text/html,away", "http://127.0.0.1:9/"] {
        app.script("window.stillHere = true").await?;
        app.script(&format!("window.open('{away}', '_blank')")).await?;
        app.script(&format!("window.location.href = '{away}'")).await?;
        // An answer from the host comes after the navigation was decided.
        ensure!(invoke(app, "run_command").await?.starts_with("ok: "), "{away} took the page's doors away");
        ensure!(app.script("return window.stillHere").await? == true, "{away} replaced the page");
    }
    ensure!(app.driver().windows().await?.len() == 1, "a second window opened");
    Ok(())
}

async fn invoke(app: &App, name: &str) -> Result<String> {
    let answer = app.driver().execute_async(INVOKE, vec![Value::from(name)]).await?;
    Ok(answer.json().as_str().context("the command answers")?.to_owned())
}

fn directive_of<'p>(policy: &'p str, directive: &str) -> Result<Vec<&'p str>> {
    let part = policy.split(';').map(str::trim).find(|part| part.split(' ').next() == Some(directive));
    Ok(part.with_context(|| format!("no {directive} in {policy}"))?.split(' ').skip(1).collect())
}
