"""Repair words, calls for a person, complaints, and talk that is no business of a shop."""

from __future__ import annotations

from tests.unit.lumo_paraphrases import ALERT, CART, Talk
from tests.unit.lumo_turns import LIST, NEW

TALK_TALKS = (
    Talk("C22", CART, """
can i speak to someone real => human
get me your manager NOW => human
i want to chat with a real person pls => human
is there anybody there i can talk to => human
живого оператора дайте => human
позовите кого нибудь => human
можна з менеджером поговорити => human
хочу з людиною побалакать => human
quiero hablar con alguien de verdad => human
pasame con un agente => human
    """),
    Talk("C29", CART, """
stop sending me this spam => stop_marketing
unsubscribe me please => stop_marketing
no more promos pls => stop_marketing
не пишите мне больше с рекламой => stop_marketing
не шліть мені рекламу => stop_marketing
dejen de mandarme publicidad => stop_marketing
    """),
    Talk("repair", CART, """
start from the beginning pls => restart
go back one step => go_back
nvm => cancel
forget it => cancel
oh never mind then => cancel
what? => repeat|unknown|help
say that again? => repeat
не понял, повторите => repeat
давай сначала => restart
передумала => cancel
я передумав => cancel
ya no lo quiero => cancel|deny|remove_from_cart
how does this thing work => help
что вы умеете? => help
lets continue in english => change_language locale=en
давай по-русски => change_language locale=ru
можна українською? => change_language locale=uk
en español por favor => change_language locale=es
thx a lot!! => thank
спасибочки => thank
дякс => thank
ok bye => goodbye
    """),
    Talk("C04 alert", ALERT, """
yes please => notify_me|affirm
ok tell me => notify_me|affirm
да, сообщите => notify_me|affirm
nah its fine => deny|no_thanks
не надо => deny|no_thanks
    """),
    Talk("C31", CART, """
hi again => greet
im back => greet|resume|affirm
lets continue where we stopped => resume
продолжаем => resume
start over => restart
    """),
    Talk("complaint", CART, """
this is ridiculous => complain
you are useless => complain
omg ur so dumb => complain
i already told u that!!! => complain
вы издеваетесь? => complain
я же уже сказал => complain
це якийсь жах => complain
esto es una vergüenza => complain
worst shop ever => complain
are you a robot or what => bot_challenge
    """),
    Talk("nonsense", CART, """
asdfgh => unknown|out_of_scope
qwe rty uio => unknown|out_of_scope
blah blah blah => unknown|out_of_scope|complain
голубая луна => unknown|out_of_scope
пыщь пыщь => unknown|out_of_scope
йцукен => unknown|out_of_scope
lorem ipsum dolor => unknown|out_of_scope
the mitochondria is the powerhouse of the cell => unknown|out_of_scope
what's the capital of france => unknown|out_of_scope
who won the game last night => unknown|out_of_scope
write me a python script => unknown|out_of_scope
solve x^2 = 4 => unknown|out_of_scope
how do i get rid of a headache => unknown|out_of_scope
should i sue my landlord => unknown|out_of_scope
what do you think about the president => unknown|out_of_scope
my cat sleeps all day => unknown|out_of_scope|smalltalk
я вчера ходил в кино => unknown|out_of_scope|smalltalk
кто президент украины => unknown|out_of_scope
реши уравнение => unknown|out_of_scope
какая завтра погода => unknown|out_of_scope|smalltalk
яка завтра погода => unknown|out_of_scope|smalltalk
хто виграв вибори => unknown|out_of_scope
скільки буде два плюс два => unknown|out_of_scope
quién ganó el partido ayer => unknown|out_of_scope
qué tiempo hará mañana => unknown|out_of_scope|smalltalk
hazme los deberes => unknown|out_of_scope
    """),
    Talk("nonsense, nothing yet", NEW, """
fjdksl => unknown|out_of_scope
xxx => unknown|out_of_scope
hmm => unknown|out_of_scope
???? => unknown|out_of_scope|complain
banana => unknown|out_of_scope|find_product
purple monkey dishwasher => unknown|out_of_scope|find_product
to be or not to be => unknown|out_of_scope !!
can you book me a flight to paris => unknown|out_of_scope
do you sell cars => unknown|out_of_scope|find_product
order me a pizza => unknown|out_of_scope|find_product
бла бла => unknown|out_of_scope
мяу => unknown|out_of_scope
ля ля ля => unknown|out_of_scope
la la la => unknown|out_of_scope
    """),
    Talk("nonsense, a list is shown", LIST, """
голубая луна => unknown|out_of_scope
the second world war => unknown|out_of_scope
my first love => unknown|out_of_scope
one day i will be rich => unknown|out_of_scope|smalltalk
two beers and a burger => unknown|out_of_scope|find_product
i had 3 dogs => unknown|out_of_scope|smalltalk
у меня две собаки => unknown|out_of_scope|smalltalk
    """),
    Talk("smalltalk", NEW, """
how r u => smalltalk
tell me a joke => smalltalk
как дела? => smalltalk
qué tal? => smalltalk|greet
you're awesome => praise
    """),
)  # fmt: skip
