// What the widget itself says, in each language; the bot's own words come from the server.
const TEXTS = {
  en: {
    open: "Open chat", unread: "{n} unread", close: "Close chat", title: "Chat with {name}", shop: "the shop",
    bot: "A bot answers at once", people: "People: {hours}", answering: "{name} is answering", you: "You", assistant: "Assistant", manager: "Manager",
    person: "A person", person_hint: "Talk to a person", person_say: "I would like to talk to a person",
    write: "Write a message", send: "Send", typing: "An answer is being written", log: "Messages", newer: "New messages",
    offline: "No connection. What you write will be sent when it is back.", now: "Try now", waiting: "Waiting for the connection",
    failed: "Not sent", retry: "Retry", slow_down: "That was a little fast", too_long: "Too long: at most 4,000 characters",
    left: "{n} characters left", products: "Products", earlier: "Earlier", further: "Further", total: "Total", order: "Order", picture: "Picture", opens: "opens in a new window",
    phone: "Your phone number", email: "Your e-mail", location: "Share my location", no_place: "The place could not be read. Please type it.",
  },
  ru: {
    open: "Открыть чат", unread: "непрочитанных: {n}", close: "Закрыть чат", title: "Чат с {name}", shop: "магазином",
    bot: "Сразу отвечает бот", people: "Люди: {hours}", answering: "Отвечает {name}", you: "Вы", assistant: "Помощник", manager: "Менеджер",
    person: "Человек", person_hint: "Позвать человека", person_say: "Хочу поговорить с человеком",
    write: "Напишите сообщение", send: "Отправить", typing: "Пишем ответ", log: "Сообщения", newer: "Новые сообщения",
    offline: "Нет связи. Написанное отправится, когда она вернётся.", now: "Попробовать", waiting: "Ждёт связи",
    failed: "Не отправлено", retry: "Повторить", slow_down: "Чуть медленнее, пожалуйста", too_long: "Слишком длинно: не больше 4000 знаков",
    left: "осталось знаков: {n}", products: "Товары", earlier: "Назад", further: "Дальше", total: "Итого", order: "Заказ", picture: "Картинка", opens: "откроется в новом окне",
    phone: "Ваш телефон", email: "Ваша почта", location: "Отправить, где я", no_place: "Место определить не удалось. Напишите его, пожалуйста.",
  },
  uk: {
    open: "Відкрити чат", unread: "непрочитаних: {n}", close: "Закрити чат", title: "Чат із {name}", shop: "магазином",
    bot: "Одразу відповідає бот", people: "Люди: {hours}", answering: "Відповідає {name}", you: "Ви", assistant: "Помічник", manager: "Менеджер",
    person: "Людина", person_hint: "Покликати людину", person_say: "Хочу поговорити з людиною",
    write: "Напишіть повідомлення", send: "Надіслати", typing: "Пишемо відповідь", log: "Повідомлення", newer: "Нові повідомлення",
    offline: "Немає звʼязку. Написане надішлеться, щойно він повернеться.", now: "Спробувати", waiting: "Чекає на звʼязок",
    failed: "Не надіслано", retry: "Повторити", slow_down: "Трохи повільніше, будь ласка", too_long: "Задовго: щонайбільше 4000 знаків",
    left: "залишилося знаків: {n}", products: "Товари", earlier: "Назад", further: "Далі", total: "Разом", order: "Замовлення", picture: "Зображення", opens: "відкриється в новому вікні",
    phone: "Ваш телефон", email: "Ваша пошта", location: "Надіслати, де я", no_place: "Місце визначити не вдалося. Напишіть його, будь ласка.",
  },
  es: {
    open: "Abrir el chat", unread: "{n} sin leer", close: "Cerrar el chat", title: "Chat con {name}", shop: "la tienda",
    bot: "Responde un bot al momento", people: "Personas: {hours}", answering: "Responde {name}", you: "Tú", assistant: "Asistente", manager: "Persona del equipo",
    person: "Persona", person_hint: "Hablar con una persona", person_say: "Quiero hablar con una persona",
    write: "Escribe un mensaje", send: "Enviar", typing: "Escribiendo la respuesta", log: "Mensajes", newer: "Mensajes nuevos",
    offline: "Sin conexión. Lo que escribas se enviará cuando vuelva.", now: "Probar ahora", waiting: "Esperando la conexión",
    failed: "No enviado", retry: "Reintentar", slow_down: "Un poco más despacio, por favor", too_long: "Demasiado largo: 4000 caracteres como máximo",
    left: "quedan {n} caracteres", products: "Productos", earlier: "Anterior", further: "Siguiente", total: "Total", order: "Pedido", picture: "Imagen", opens: "se abre en otra ventana",
    phone: "Tu teléfono", email: "Tu correo", location: "Compartir mi ubicación", no_place: "No se pudo leer el lugar. Escríbelo, por favor.",
  },
};

const RIGHT_TO_LEFT = /^(ar|fa|he|ur|yi|ps|dv|ckb)\b/;

/** The first wish we have texts for: `["pt-BR", "es-MX"]` gives `es`. */
const chooseLocale = (wishes) =>
  wishes.map((wish) => (wish || "").toLowerCase().split(/[-_]/)[0]).find((wish) => wish in TEXTS) || "en";

/** `fill("{n} unread", {n: 2})` gives `2 unread`. */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
