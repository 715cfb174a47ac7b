// Buttons of the page that open the chat: [data-ask] says its question there, [data-chat] only opens it.
const chat = document.querySelector("shop-chat");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask], [data-chat]");
  if (!button || !chat.show) return;
  if (button.dataset.ask) chat.ask(button.dataset.ask);
  else chat.show();
});
if (location.hash === "#chat") customElements.whenDefined("shop-chat").then(() => chat.show()); // back from paying
