"""What words of four languages have in common: `delivery`, `доставка` and `envío` teach the classifier one thing together.

A line is a concept and its words; `*` ends the beginning of a word; a line that begins
with spaces continues the one before. Words are folded (see text.fold).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_TABLE = """
deliver: deliver* shipp* ship ships shipment доставк* достави* доставь* доставл* достави* доставля* dostavk* entreg*
  envio* envia* envie* enviar* mand* repart* domicilio
send: send sends sent sending отправ* шлите пришл* присыл* слать шли відправ* надсил* надішл* надіш* пришліть скин*
  envi* mand* manden
courier: courier* курьер* кур'єр* kurier* mensajer* repartidor* dhl fedex ups пошт* почт* correo* post mail
point: pickup pick-up locker* point* пункт* постамат* самовывоз* самовивіз* punto* recog* recoj* boxberry боксберр*
  collect*
parcel: parcel* package* посыл* посилк* посилочк* paquete* shipment* box stuff things вещи cosas posylk* paquet*
where: where wheres where's где де donde куда куди gde adonde
when: when когда коли cuando until till до hasta
howmuch: much cost* price* pric* expens* сколько скока скок скоко стоит стоят стоить стоим* цена цену цены ценник*
  почем скільки кошту* коштує ціна ціну ціни почім cuanto cuanta cuesta* cuestan vale* valen precio* skolko stoit
  tsena sale costo* costar*
howmany: many left remain* осталось остал* сколько скільки лишил* залишил* cuantos cuantas quedan queda
howlong: long fast soon quickly days weeks долго быстро дней срок* дні днів швидко довго dias tarda* tarden tiempo
  rapido plazo*
pay: pay pays paying payment* оплат* плати* плачу заплат* заплач* сплат* сплач* pag* paga* oplat*
paid: paid оплатил* оплачен* заплатил* сплатил* сплачен* pagado pague transferid* transferred оплачено сплачено pagué
  abone
card: card cards карт* картк* tarjeta* visa mastercard kartoi
cash: cash наличн* налож* налич* готівк* накладен* наклад* накладн* efectivo contra reembolso contrareembolso nalozh*
  наличк* готівкою контрреембольсо
paypal: paypal пейпал* палк* klarna bitcoin биткоин* apple google transfer* перевод* переказ* transferencia bizum
fail: fail* declin* reject* error* broken expired ошибк* отклон* отказ* помилк* відхил* не-проходит fallo fall*
  rechaz* caduc* hangs виснет зависа* не-работает вис* glitch* funciona* работа* працює
link: link* ссылк* посилан* лінк* линк* enlace* страниц* сторінк* page pagina* url
money: money mony деньг* денег деньги гроші гроше* кошти dinero plata bank банк* banco euro евро євро euros
twice: twice double doubl* дважды двічі dos-veces doble удвой* удво* два-раза duplicad*
refund: refund* reimburs* возврат* вернут вернули вернете возмещ* повернення повернут* повернете reembols* devolucion*
  devuelv* devolver* повернен* кошти
return: return* возвра* верну* вернуть повернут* поверну* повернен* devol* devuelv* regres* vernut* обратно назад
exchange: exchang* swap* trade обмен* поменя* помен* обмін* обміня* cambi* intercambi* замен* замін*
broken: broken broke damag* crack* defect* torn leak* crush* битый разбит* слом* порван* брак* дыр* трещин* разбил*
  розбит* зламан* порван* дір* тріщин* roto rota rotos rotas dañ* dan* defectuos* golpead* агрег* поврежд* пошкодж*
  пролил* arriv* протек* ряз* abollad* estropead* quebrad*
wrong: wrong incorrect mistake* ошиб* неправильн* неверн* не-то помил* помилк* не-той equivoc* error* incorrect* mal
  перепут* переплут* помилков*
missing: missing lacks falta* faltan отсутств* не-хват* нехват* бракує відсутн* нету
came: came arriv* received got приш* получил* прийш* отримал* прибув* llego llega llegad* recib* приех* приїх*
  llegaron
order: order* purchas* заказ* замовл* замов* pedido* orden* pedi compra* zakaz* zamovl* encargo* покупк*
cart: cart basket корзин* кошик* carrito* cesta* korzin* koshyk* bag
checkout: checkout оформ* place proceed finaliz* finalic* tramit* оформл* оформлю* buy купить куплю купит* купити
  comprar compro
add: add* put добав* полож* клад* закин* дода* поклад* покла* anad* agreg* pon ponme pong* mete* sum* dobav* кинь
  кидай suma
take: take taking i'll беру возьму взять берем візьму беру взяти llevo quiero-llevar lleva* tomo cojo me-quedo заберу
  забираю have
remove: remove delet* drop rid minus без убер* убра* удал* вычерк* выкин* выкид* прибер* прибра* видал* викин*
  викресл* quit* elimin* borr* saca* saqu* uber* except* кроме крім excepto without sin out
all: all everything entire whole все всё весь всю усе усі все todo toda todos todas completo полностью повністю vse
empty: empty emty clear clean wipe очист* опустош* пуст* почист* спорожн* очисть вычист* vaci* limpi* ochist* обнул*
change: change* switch* modif* edit* alter* update* измен* поменя* смен* исправ* помен* замен* змін* змен* виправ*
  поміня* замін* cambi* modific* correg* actualiz* edit* перемен* друг* інш* otr* править
instead: instead rather replace вместо лучше замість краще mejor lugar vez ves cambio
meant: meant mean имел* виду говор* увазі казал* quise decir queria referia referí
quantity: quantity pieces pcs number штук* количеств* кількіст* cantidad piezas unidades pieza
enough: enough хватит достаточно досить вистачить basta bastan suficiente just only только лише тільки solo
more: more еще більше больше mas más ще another extra also тоже також tambien
less: less fewer меньше менше menos reduc* уменьш* зменш* decrease bajal* сократ*
cheaper: cheap* дешев* скин* уступ* дешевш* знижк* зніз* barat* rebaj* econom* низк* lower cheapest подешев* торг*
discount: discount* off скидк* скидоч* скидон* знижк* знижоч* descuent* rebaj* half полцен* пол-цен* мита* skidk*
  promo* sale* deal* offer* акци* акці* ofert* распрод* розпрод* rebajas oferta* bargain
code: code* coupon* voucher* promo* код* промокод* купон* ваучер* codig* cupon* cupón* promocod* promokod*
apply: apply* use using redeem* enter примен* ввест* введ* использ* актив* застос* використ* введ* aplic* usar us*
  canje* met* работает действует діє works work sirve primen*
why: why почему отчего зачем чому навіщо por-que porque how-come pochemu
total: total* sum amount итог* сумм* всего подсумк* сума суму разом загал* total* suma importe calculat* расчет*
  посчит* рахун* розрах* calcul* breakdown includ* входит cuenta desglos* sumo
explain: explain* where-from come-from откуда звідки объясн* поясн* розшифр* explic* sale-de desglos* расшифр*
  detalle*
promise: promis* agreed said told обеща* договор* говорил* сказал* обіця* домов* казал* казав prometi* promet* dijo
  dijeron acord* dicho quedamos пообіц* пообещ*
manager: manager* boss owner менедж* хозя* владел* начальник* власник* шеф* gerente jefe dueñ* duen* encargad*
  администратор* адміністратор* директор* director* olga ольга admin*
human: human* person* people operator agent человек* люд* оператор* консультант* живой живым сотрудник* продав* людин*
  жив* консультант* працівник* persona* humano* asesor* operador* agente* cheloveka lyudyn* someone somebody real
  представител* alguien consultant менедж* support
talk: talk speak chat connect transfer* поговор* соедин* переключ* позов* поговор* з'єдна* перемкн* поклич* hablar
  hablo pasame comunic* conect* atienda свяж* зв'яж* дайте call перезвон* передзвон* llam*
bot: bot robot* machine ai chatgpt artificial program бот* робот* нейросет* автоответ* программ* машин* нейромереж*
  автовідпов* програм* maquina inteligencia ии ші ia real настоящ* справжн* computer automat* living живой
you: you are u ты вы ви ти eres usted tu es estoy
stupid: useless stupid idiot* terribl* worst rubbish ridicul* annoy* awful бесполез* туп* ужас* отврат* кошмар*
  издевает* марн* жахлив* жах дурн* бісит* знущає* inutil* tonto pesim* horrible* verguenza fatal molest* harto harta
  wtf hell disappoint* разочаров* розчаров* decepcion* беси* надоел* набрид* бред bespolez* horror porqueria
already: already twice times уже вже ya veces раз разів repet* told сто
read: read understand listen читаете читает понима* слыш* чита* розумі* чуєте lee leen entiend* escuch* прочит*
  прочита*
great: great awesome best love lovely amazing brilliant cool rock super nice perfect* супер лучш* класс* молод* круто
  отличн* обожа* умниц* крут* найкращ* чудов* клас* молодец* розумн* genial mejor* encant* excelente* increible*
  maravill* perfect* krasav* bien bueno buen* умничк* огонь вогонь приятно приємно impress* топ
thanks: thank* thx ty cheers grateful appreciat* спасиб* благодар* спс пасиб* дяку* спасибі gracias agradec* agradezco
  spasib* diakuyu merci мерси мерсі tnx
hello: hi hello hey hiya morning afternoon evening привет* здра* день вечер утро привіт* вітаю добр* ранок вечір hola
  buenas buenos buen privet pryvit alo алло ало greetings приветств* салют* saludos
bye: bye goodbye later cya night пока свидан* встречи завтра прощай* бувай* побачен* зустрічі чао adios luego chao
  hasta-luego vemos poka papa care бывай* ночи вечера-хорошего пока-пока
yes: yes yep yeah yup sure ok okay да ага угу так si sip claro da tak aye конечно звісно звичайно supuesto course
  верно вірно авжеж agree* соглас* згод* згоден correct* exact* точно точно именно саме vale dale давай* acuerdo
no: no nope nah not нет не неа ні нє не ніт nel net ni never don't dont doesn't isn't нe нельзя ninguna nada
want: want need would like looking wanna хочу хотел* нужен нужна нужно надо ищу хотілос* потріб* треба шукаю хтів
  quiero necesito busco quisiera hochu mne queria gustaria шукаю want-to
have: have got sell есть имеет* прода* бывают є маєте продаєт* бувають tienen tienes hay venden manej* est stock carry
stock: stock availab* sold налич* доступ* закончил* наявн* доступн* закінч* stock disponib* agotad* queda quedan quedo
  есть осталось left still remaining склад* existenc*
notify: notify notif* alert ping waitlist waiting inform* remind* сообщ* уведом* дайте-знать маякн* напиш* напомн*
  повідом* сповіст* нагада* дайте-знати avis* notific* avisa* avisame espera lista tell know знать знати появится
  з'явит* soobsh*
back: back restock* again снова опять появ* знову з'яв* вернет* повертат* vuelv* vuelva otra-vez обратно обратн*
  vuelta regres*
size: size* sizes размер* розмір* talla* fit fits подойд* мал* велик* больш* підійд* queda tallas tallaje razmer*
  large small tight oversize* длин*
help: help helps instruct* помощ* помог* подскаж* инструкц* допом* допоможіть підкаж* інструкц* ayuda* ayud*
  instruccion* lost pomosh* команд* command* comandos як-це умеешь вмієш puedes-hacer hacer menu меню menú функц*
how: how как як como kak
what: what whats what's что чего шо що че чё que cual cuales which какие какой какая який яка які
picture: picture* photo* pic pics image* look looks video фот* картинк* изображ* покаж* зображ* світлин* выглядит
  вигляда* foto* imagen* video* ve видео відео фотк*
show: show see покаж* показ* посмотр* глян* подив* muestr* enseñ* ensen* ver mostrar открой відкрий open let-me-see
details: detail* info* more-about describe tell about подробн* опис* расскаж* информац* характерист* детал* розкаж*
  розповід* докладн* інформац* detalle* inform* describ* cuent* caracterist* specs
compare: compar* differ* vs versus better or сравн* отлич* разниц* чем лучше или порівн* різниц* відрізн* чи краще
  compar* diferenc* mejor distint* raznits* между між entre
catalog: catalog* sell assortment products categories goods everything collection каталог* ассортимент* товар*
  категор* продаете продаєте асортимент* категорі* catalogo* catálogo* productos venden vend* surtido coleccion
  торгуете новинк* stock-list
else: else other* others next different rest друг* ещё дальше следующ* остальн* інш* далі наступн* решт* otr*
  siguiente* demas más distint* ostal*
gift: gift* present* surprise подар* презент* сюрприз* подарун* подаруват* regal* sorpresa detalle podar*
wrap: wrap* ribbon packag* pack упак* оберт* ленточк* обёрт* упаков* загорн* стрічк* envol* empaquet* papel lazo
  открытк* листівк* tarjetita packed бант* пакуван* пакуєте упакуй*
fact: made material burn* wash* battery waterproof weigh* cotton wool cm volume ingredient* contain* материал* состав*
  стира* горит вес весит батаре* матеріал* склад* прати пра* горить важить батаре* вага material* hecho lava* arde
  dura* peso pesa bateria contiene mide* measure* сдел* зробл* ткан* тканин* algodon хлопок бавовн* сантиметр*
  dishwasher посудомо* lavavajillas
budget: budget under around about cheap недорог* бюджет* до пределах около районе недорого presupuesto menos hasta
  alrededor barato
repeat: repeat again resend повтор* снова ещё-раз повтори* ще-раз знову repit* repet* otra-vez catch missed расслыш*
  недочит* почув* pardon пардон perdón entend* povtor* say
continue: continue resume carry left proceed finish* продолж* вернем* останов* доделать закончить продовж* зупинил*
  доверш* повернімось закінч* continu* sigamos seguimos segu* quedamos termin* retom* prodolzh* pick pick-up дооформ*
  where-were
undo: undo revert reverse roll mistake отмени последн* откат* верни случайно скасу* останн* відкот* поверни випадково
  нечаянн* ненарок* deshaz* deshacer deshac* reviert* ultimo restore otmeni ctrl accident* error
cancel: cancel* cancle abort never mind stop forget quit exit отмен* передумал* забудь* забей хватит стоп прекрат*
  скасу* відмін* передума* забудьт* годі припин* cancel* olvid* dejal* deja anul* changed annul* call-off відбій отбой
  ya-no salir аннулир* анулю*
restart: restart start over begin scratch reset beginning fresh заново сначала нуля рестарт сброс* перезапуск*
  спочатку знову нуль скин* почат* почн* reinici* empez* cero principio comenz* nuevo snachala начать
backstep: back previous step назад предыдущ* шаг* вернуться вернись обратно попередн* крок* повернут* назад повернис*
  atras anterior paso vuelve volver regres* nazad prev
skip: skip pass blank empty answer leave пропуст* пропуск* дальше без не-хочу скип відповід* отвеча* далі omit* salt*
  pasar pasa siguiente responder propust* вказува* указыва* decir say question вопрос* питан* pregunta*
ads: ads advertis* newsletter* promos marketing spam* mailing unsubscribe list offers реклам* рассылк* спам* подписк*
  отпис* розсилк* відпис* підписк* public* boletin* boletín newsletter publicidad suscrip* list* correos новост*
  новин* акци* promoc* spam desuscrib* baja rassylk*
subscribe: subscribe sign opt start receive подпи* хочу-получать включ* підпиш* підпис* увімкн* suscrib* apunt*
  recibir activar activa alta podpish* resubscribe вмикай* присылай* надсилай*
stopword: stop stopp* unsubscribe hват* прекрат* перестан* отключ* больше-не припин* перестаньт* відключ* вимкн*
  досить no-more para parar paren dejen desactiv* выключ* убер*
language: english spanish russian ukrainian german language speak русск* английск* украинск* испанск* язык* російськ*
  англійськ* українськ* іспанськ* мов* idioma* ingles* ruso ucraniano español* espanol* castellano russki по-русски
  по-украински по-англ* українською англійською translate
joke: joke* weather day doing mood tired анекдот* погод* дела настроен* жизнь жарт* справи настр* як-ся chiste* clima
  tal tiempo-hace haha* lol ахах* jaja* скучн* нудн* aburrid* холодн* frio cansad* friday пятниц* п'ятниц* viernes
  christmas
name: name call i'm меня зовут мене звати звуть имя ім'я llamo nombre soy fio zovut фамил* прізвищ* apellido*
phone: phone number tel telephone телефон* номер* тел cel numero telefono movil celular
address: address street house flat apartment адрес* улиц* дом* кварт* ул вул вулиц* буд* будин* calle direccion* piso
  portal casa av avenida индекс* індекс* postal zip
office: office work home офис* работ* дом домой офіс* робот* дім додому oficina trabajo casa
recipient: recipient receiv* получат* получ* отримувач* отримув* destinatari* recib* forabie* забират* забер* наимен*
email: email e-mail mail емейл* почт* имейл* пошт* емайл* correo
track: track* status arrive late news way waiting отслед* статус* трек* идет едет ждать жду задерж* відстеж* стат* їде
  чекаю затрим* rastre* estatus estado seguimiento camino espera* demora* retras* когда приедет приїде привезут
  привезуть llegar
invoice: invoice* vat receipt bill tax company accountant* счет* фактур* ндс чек* юр* компан* бухгалт* рахун* пдв
  фірм* фирм* factura* iva empresa* fiscal* rfc nif cif recibo inn акт* накладная реквизит* реквізит*
warranty: warrant* guarant* original* genuine fake authentic* гарант* оригинал* поддел* сертификат* гаранті* оригінал*
  підробк* сертифікат* garant* original* autentic* falso imitacion copia certific* копи*
privacy: data privacy gdpr personal erase delete store share данн* персональн* конфиденц* удалите хран* дан*
  персональн* зберіга* конфіденц* datos privacidad personal* borr* guard* compart* secur* record* seguridad особист*
  личн*
wholesale: wholesale bulk reseller* b2b corporate dealer minimum large опт* корпоратив* дилер* партнер* парти* гурт*
  mayor* mayoreo corporativ* revend* distribu* minim* dropship* перепрод* логотип* logo тираж* партнёр*
hours: open opening hours closed sunday saturday holiday* schedule работаете работает график* часов* выходн* праздник*
  воскресен* суббот* працюєт* графік* годин* вихідн* неділ* субот* свят* abren abiert* horario* cierran cerrad*
  domingo* sabado* festiv* hrs atienden hour rabotaete time час rozklad розклад*
contact: contact* located address phone shop store visit showroom instagram website контакт* адрес* телефон* магазин*
  шоурум* сайт* где-находит* знаход* adress* контакти крамниц* tienda* direccion telefono ubicad* contact* visitar
  local находитесь знаходитесь encuentran fisic* web* инстаграм* інстаграм*
safe: safe secure fee commission currency installments безопас* комисс* рассрочк* валют* безпечн* комісі* розстрочк*
  segur* comision* cuotas plazos meses moneda частями
abroad: abroad germany international country заграниц* германи* стран* другой-стран* закордон* німеччин* країн*
  extranjero alemania pais* international* islands islas european*
options: options methods accept ways варианты способ* принима* можно варіант* спос* прийма* opciones metod* acept*
  formas manera*
policy: policy rules condition* услови* правил* умов* politic* polític* condicion*
feedback: stars star rating review* rate quality звезд* оценк* отзыв* качеств* зірк* оцінк* відгук* якіст* estrell*
  calific* reseña* resen* opinion* calidad recommend рекоменд* recomiend* happy доволен довольна задоволен* content*
  out-of satisf* оценю балл*
same: same last usual repeat previous reorder тот-же такой-же как-в-прошлый прошл* обычно так* само минул* звичайн*
  попередн* mismo misma ultima siempre anterior repet* повтор* таки* тоже-самое
ignore: ignore forget pretend override prompt rules instructions system admin developer mode secret previous act
  игнор* забудь притвор* промпт* правил* инструкц* систем* режим* секрет* разработ* ігнор* удай* вдай* систем*
  інструкц* розробн* ignor* finge sistema reglas instruccion* modo desarrollador secret* actua* hack* obey dueñ*
free: free gratis бесплат* безкоштов* безплатн* gratuit* халяв*
fast: fast* urgent* быстр* срочн* шви* термінов* rapid* urgente
school: script python essay homework president election* weather pills doctor lawyer legal capital recipe cook flight*
  taxi movie music стих* президент* выбор* погод* рецепт* врач* таблетк* юрист* столиц* билет* такси фильм* музык*
  вірш* вибор* лікар* таблетк* адвокат* квит* таксі фільм* музик* poema presiden* eleccion* clima receta medic*
  pastill* abogad* capital vuelo* taxi pelicula* musica tarea* news bitcoin война війн* guerra god бог dios
  restaurant* ресторан* restaurante* match матч* partido*
weather: weather погод* clima llov* rain дожд* дощ* снег* сніг* snow
second: second first third last перв* втор* трет* послед* перш* друг* трет* останн* primer* segund* tercer* ultim*
  number номер option* вариант* варіант* opcion*
it: it this that them those these one его её ее их это эту этот эта його її їх це цей ця цю lo la los las este esta
  esto ese esa eso
possible: can could may possible можно можете возможно можна можете можливо чи puedo puede pueden podria* posible
  mozhno mozhna
delay: yesterday week ago hour вчера неделю назад час вчора тиждень тому годину ayer semana hace hora сегодня сьогодні
  hoy утром вранці
good: quality well smell* sound качеств* пахн* звук* якіст* huele suena
color: colour* color цвет* кол* colores
"""


def _build() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    whole: dict[str, set[str]] = {}
    begins: dict[str, set[str]] = {}
    for line in _TABLE.replace("\n  ", " ").strip().splitlines():
        concept, _, spelled = line.partition(":")
        for word in spelled.split():
            into, key = (begins, word[:-1]) if word.endswith("*") else (whole, word)
            into.setdefault(key, set()).add(concept)
    return {w: tuple(sorted(c)) for w, c in whole.items()}, {w: tuple(sorted(c)) for w, c in begins.items()}


_WHOLE, _BEGINS = _build()
_LONGEST = max(map(len, _BEGINS))


@lru_cache(maxsize=65536)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts of one folded word, most often none or one."""
    found = set(_WHOLE.get(word, ()))
    for size in range(2, min(len(word), _LONGEST) + 1):
        found.update(_BEGINS.get(word[:size], ()))
    return tuple(sorted(found))


def concepts(words: Iterable[str]) -> list[tuple[str, ...]]:
    """The concepts of each word that has some, in order; placeholders stand for themselves."""
    found = []
    for word in words:
        own = (word,) if word.startswith("__") else concepts_of(word)
        if own:
            found.append(own)
    return found
