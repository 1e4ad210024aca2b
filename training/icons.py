"""The icons: which ones the model can name, and which ones stand for "something it does not know".

`KNOWN` maps the name in the icon sets to the word the model says. `UNKNOWN` are drawn with the answer "I don't know."; the second
half of them is kept for tests.
"""
import re

# "name" is said with spaces for dashes; "name=word" is said as the word
_KNOWN = """
red-apple=apple banana grapes watermelon strawberry cherries lemon pineapple carrot ear-of-corn=corn mushroom pizza hamburger french-fries
bread cheese-wedge=cheese cookie doughnut=donut birthday-cake=cake candy lollipop hot-beverage=coffee beer-mug=beer wine-glass
dog-face=dog cat-face=cat mouse-face=mouse rabbit-face=rabbit fox bear panda koala tiger-face=tiger lion cow-face=cow pig-face=pig frog
monkey-face=monkey chicken penguin owl bat wolf horse-face=horse honeybee=bee butterfly snail lady-beetle=ladybug ant spider turtle snake
octopus crab tropical-fish=fish dolphin whale shark crocodile elephant camel evergreen-tree=tree palm-tree cactus four-leaf-clover=clover
maple-leaf rose tulip sunflower sun crescent-moon=moon cloud rainbow umbrella snowman fire droplet=drop high-voltage=lightning
automobile=car taxi bus ambulance fire-engine=fire-truck tractor bicycle airplane rocket helicopter sailboat anchor locomotive=train house
castle tent watch telephone laptop camera television light-bulb alarm-clock battery open-book=book pencil scissors key locked=lock hammer
wrench bell wrapped-gift=gift balloon trophy soccer-ball basketball guitar trumpet violin drum crown glasses running-shoe=shoe
t-shirt=shirt jeans top-hat=hat ring ghost robot skull alien jack-o-lantern=pumpkin teddy-bear

abacus accordion amphora articulated-lorry=lorry artist-palette=palette auto-rickshaw=rickshaw avocado axe backpack bacon badger badminton
bagel baguette-bread=baguette balance-scale=scale ballet-shoes banjo bar-chart barber-pole baseball basket bathtub beaver bed beetle
bell-pepper bellhop-bell bikini billed-cap=cap bird blowfish blueberries bomb bone books bouquet bowling brain brick briefcase broccoli
broken-chain bucket bug bullet-train bullseye=target burrito butter calendar camping canned-food canoe carousel-horse=carousel
carpentry-saw=saw chains chair chart-decreasing=falling-chart chart-increasing=rising-chart chess-pawn=pawn chestnut chipmunk
chocolate-bar=chocolate chopsticks christmas-tree church cigarette circus-tent=circus cityscape=city clamp classical-building=temple
clinking-beer-mugs=beers club-suit=club clutch-bag coat cockroach cocktail-glass=cocktail coconut compass computer-mouse
confetti-ball=confetti coral crayon croissant crossed-swords=swords crutch crystal-ball cucumber cupcake curling-stone dagger
deciduous-tree delivery-truck=truck desert desktop-computer=computer diving-mask diya-lamp dodo donkey door dove dragon dress duck
dumpling eagle egg eggplant electric-plug=plug elevator envelope eye eyes fallen-leaf feather ferris-wheel ferry film-frames=film
film-projector=projector fire-extinguisher firecracker fireworks fishing-pole=fishing-rod flamingo flashlight flat-shoe floppy-disk flute
fly fog fondue fortune-cookie fountain fountain-pen framed-picture=painting fried-shrimp fuel-pump game-die=die garlic gear gem-stone=gem
giraffe glass-of-milk=milk globe-showing-europe-africa=globe goat goggles goose gorilla graduation-cap green-salad=salad guide-dog hamster
hatching-chick headphone=headphones hedgehog herb hibiscus high-heeled-shoe=high-heel hiking-boot=boot hippopotamus=hippo honey-pot=honey
hook horizontal-traffic-light=traffic-light hot-dog hot-pepper=chili hourglass-done=hourglass hut hyacinth ice ice-cream ice-hockey
ice-skate jar jellyfish joker joystick kangaroo kick-scooter kimono kitchen-knife=knife kite kiwi-fruit=kiwi ladder leafy-green=lettuce
leopard lime lipstick lizard llama lobster long-drum lotion-bottle=lotion loudspeaker luggage=suitcase magnet mango mans-shoe=brown-shoe
map-of-japan=map maracas megaphone melon memo=note microbe microphone microscope military-helmet=helmet mirror mirror-ball=disco-ball
mobile-phone=phone monkey=long-tailed-monkey moose mosquito motor-boat motor-scooter=scooter motorcycle motorized-wheelchair=wheelchair
mount-fuji=volcano-with-snow mountain mouse-trap nail-polish necktie=tie nesting-dolls newspaper nose old-key olive
oncoming-police-car=police-car one-piece-swimsuit=swimsuit onion orangutan otter oyster package page-facing-up=page paintbrush pancakes
paperclip parachute parrot party-popper passenger-ship=cruise-ship paw-prints pea-pod=peas peach peacock peanuts pear pen
performing-arts=masks pick=pickaxe pickup-truck pie pig-nose pill ping-pong playground-slide=slide plunger polar-bear
police-car-light=siren poodle pool-8-ball=billiard-ball popcorn potato potted-plant=plant pretzel printer purse pushpin
puzzle-piece=puzzle raccoon racing-car radio rat razor red-envelope red-paper-lantern=lantern rhinoceros=rhino ribbon ring-buoy=lifebuoy
ringed-planet=planet roasted-sweet-potato=sweet-potato rock roll-of-paper=toilet-paper roller-coaster roller-skate rooster
running-shirt=tank-top salt sari satellite satellite-antenna=antenna sauropod=dinosaur saxophone scarf scorpion screwdriver scroll seal
seat seedling service-dog sewing-needle=needle shamrock sheaf-of-rice=rice shield shooting-star shopping-bags shopping-cart shorts shower
shrimp skis skunk sled slot-machine sloth snowflake soap socks spade-suit=spade spaghetti sparkler sparkles speaker-high-volume=speaker
speedboat spider-web spiral-shell=shell sponge spoon squid statue-of-liberty=statue stethoscope stopwatch straight-ruler=ruler
studio-microphone sun-behind-cloud=cloudy-sun sun-behind-rain-cloud=rain sunglasses sushi swan syringe t-rex taco tangerine=orange teapot
telescope tennis test-tube thermometer thread toilet tokyo-tower=tower tomato tongue tooth toothbrush tornado
triangular-ruler=set-square tropical-drink=juice tumbler-glass=whisky turkey two-hump-camel unicorn video-game=controller
videocassette=cassette volcano volleyball waffle water-pistol water-wave=wave wheel wilted-flower window wing wood world-map worm yarn
yo-yo zebra
"""
_UNKNOWN = """
alembic dna hair-pick hole link leaf-fluttering-in-wind lungs mahjong-red-dragon
martial-arts-uniform pile-of-poo sweat-droplets x-ray field-hockey
dotted-six-pointed-star cricket cooking coin credit-card money-bag hotel hospital school factory stadium cyclone comet atom-symbol anger-symbol rice-ball knot goal-net hot-springs
medical-symbol nut-and-bolt safety-pin postal-horn petri-dish label musical-score fleur-de-lis mechanical-arm
moon-cake place-of-worship recycling-symbol trident-emblem
"""


def _table(text):
    pairs = (item.partition("=")[::2] for item in re.findall(r"\S+", text))
    return {name: (word or name).replace("-", " ") for name, word in pairs}


KNOWN = _table(_KNOWN)
UNKNOWN = list(_table(_UNKNOWN))
assert len(set(KNOWN.values())) == len(KNOWN), "two icons are said alike"
assert not set(KNOWN) & set(UNKNOWN)
ICON_NAMES = list(KNOWN.values())  # by index
UNKNOWN_FROM = len(KNOWN)  # indices of the unknown icons follow
UNKNOWN_TRAIN = range(UNKNOWN_FROM, UNKNOWN_FROM + len(UNKNOWN) // 2)
UNKNOWN_TEST = range(UNKNOWN_FROM + len(UNKNOWN) // 2, UNKNOWN_FROM + len(UNKNOWN))
