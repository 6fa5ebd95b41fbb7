"""The requests: others in each round and stream, so that no answer comes from a cache, the same for both servers."""

import random

WORDS = """
acorn actor anchor animal apple apron arrow artist autumn bakery ball bamboo banana barn basket beach bean bear bell
berry bicycle bird blanket blossom boat bone book border bottle box branch bread breeze brick bridge brother brush
bucket butter button cabin camel camera candle canoe canvas captain carpet castle cat cave chair chalk cheese cherry
chest child chimney circle city clay cliff clock cloud coach coast coat coffee coin comet copper coral corn corner
cottage cotton cousin crane creek crow crown cup curtain daisy dance dawn desert diamond dinner doctor dog donkey
door dragon drawer dream dress drum duck dust eagle ear earth egg elbow engine evening fabric farmer feather fence
ferry fiddle field finger fire fish flag flame flower flute fog forest fork fountain fox frost fruit garden gate
ghost giant glass glove goat gold goose grain grape grass guest guitar hammer harbor hat hawk hill honey horn horse
hotel house ice island jacket jar jewel journey judge juice kettle key king kitchen kite knee knife ladder lake lamp
lantern leaf lemon letter library light lion lizard market meadow melon mill mirror moon morning mountain mouse
museum music needle nest night nurse oak oasis ocean olive onion orange orchard oven owl paint palace paper parrot
pasture path peach pearl pencil pepper piano pigeon pillow pine pirate plate pocket pond poppy potato prince pumpkin
puzzle queen quilt rabbit rain ribbon rice ring river road robin rocket roof root rope rose sail salt sand scarf
school sea seed shadow sheep shell shepherd ship shoe silk silver sister snow soap song soup spice spider spoon
spring square stable star station stone storm story stove straw stream street sugar summer sunset swan table tailor
tea teacher temple thread thunder tiger timber tower town trail train treasure tree trumpet tulip tunnel turtle
uncle valley velvet village violin voice wagon wall water weaver wheat wheel whistle willow wind window winter wolf
wood wool yard zebra
""".split()

# The task stands last: what all prompts begin with could be shared between streams.
TASK = "are the words for today. Write a very long and detailed story with all of them, and describe each at length."
QUESTIONS = [
    "Tell a long story about the {}, from its beginning to its end.",
    "Explain in great detail how somebody would draw the {}.",
    "Describe the {} in many sentences, as if to a child.",
    "Write a long letter to a friend about the {}.",
]


def story(words: int, *key: object) -> str:
    """A question of exactly so many words; `key` alone decides which they are."""
    chosen = _chosen(words - len(TASK.split()), *key)
    return f"{', '.join(chosen)} {TASK}"


def lesson(words: int, *key: object) -> str:
    """A text of exactly so many words for several questions to share."""
    ending = "are the words of the day. You are a patient writer who always answers with long texts."
    return f"{' '.join(_chosen(words - len(ending.split()), *key))} {ending}"


def questions(*key: object) -> list[str]:
    """Four short questions, each about another word."""
    return [question.format(word) for question, word in zip(QUESTIONS, _chosen(len(QUESTIONS), *key))]


def request(question: str, tokens: int, system: str | None = None) -> dict:
    """The body of a streamed request that always takes the best token."""
    body = {
        "model": "smollm2",
        "max_tokens": tokens,
        "temperature": 0,
        "stream": True,
        "messages": [{"role": "user", "content": question}],
    }
    return body if system is None else {**body, "system": system}


def _chosen(count: int, *key: object) -> list[str]:
    # Strings seed the generator through a hash that is the same in every process and version.
    choose = random.Random(" ".join(str(part) for part in key))
    chosen: list[str] = []
    while len(chosen) < count:
        chosen += choose.sample(WORDS, min(count - len(chosen), len(WORDS)))
    return chosen
