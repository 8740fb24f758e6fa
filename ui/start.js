// Starts the interface and tells when it fails. Not a part of it, because it must work where the interface does not.
import init from "./omnipricex_ui.js";

const seen = [];
let details;

function tell(reason) {
  const text = reason instanceof Error ? `${reason.name}: ${reason.message}\n${reason.stack ?? ""}` : String(reason);
  // Not a fault: browsers say so that a size is looked at again in the next frame.
  if (text.includes("ResizeObserver loop")) return;
  seen.push(text.trim());
  if (!details) details = show();
  details.textContent = seen.slice(0, 5).join("\n\n");
}

function show() {
  const notice = element("div", { className: "fault" });
  notice.setAttribute("role", "alert");
  notice.dataset.testid = "fault";
  const words = "This window met a fault and may not show everything. What you saved is safe. Reload to go on.";
  const reload = element("button", { className: "button", type: "button", textContent: "Reload" });
  reload.addEventListener("click", () => location.reload());
  const details = element("pre", { tabIndex: 0 });
  const more = element("details");
  more.append(element("summary", { textContent: "What happened" }), details);
  notice.append(element("p", { textContent: words }), reload, more);
  document.body.append(notice);
  return details;
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

addEventListener("error", (event) => tell(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => tell(event.reason));
await init().catch(tell);
