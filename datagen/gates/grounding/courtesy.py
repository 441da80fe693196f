"""Words of replies that suit any message: thanks, consent, greetings."""

from datagen.gates.text import word_set

COURTESY = word_set(
    "thanks thank thx ty cheers ok okay okey k sure yes yeah yep yup yay no nope nah great good fine sorry "
    "welcome please bye goodbye cool nice perfect lovely awesome wonderful excellent fantastic brilliant super "
    "congratulations congrats right alright agreed absolutely definitely certainly totally exactly indeed deal "
    "done maybe perhaps probably sounds see later soon tomorrow today tonight anytime understood noted happy glad "
    "love hi hello hey wow oh well luck morning night evening course problem worries pleasure haha lol same "
    "likewise hope"
)
"""A reply of these alone needs nothing of the payload."""
