"""Many wordings of each kind of question, for training: a few ways to say what is asked, each put into every frame that fits it.

`ASK` are direct questions, `CLAUSE` the same inside a sentence, `NAME` nouns for the answer, `ORDER` requests.
"""
TAILS = ("", " in the picture", " in the image", " here")
ASK_FRAMES = ("{}?", "Please tell me: {}?", "Look at the picture. {}?", "I have a question: {}?", "{}, please?", "Tell me, {}?", "Now, {}?", "Look closely: {}?",
              "{}", "So {}?", "Answer this: {}?", "And {}?", "Let me ask: {}?")
CLAUSE_FRAMES = ("Tell me {}.", "Can you tell me {}?", "Could you tell me {}?", "Please tell me {}.", "Do you know {}?", "I want to know {}.", "Can you say {}?",
                 "Say {}.", "Please say {}.", "I would like to know {}.", "Would you tell me {}?", "Can you see {}?", "Find out {}.", "Let me know {}.")
NAME_FRAMES = ("What is {}?", "Tell me {}.", "Name {}.", "Can you tell me {}?", "Can you name {}?", "Please name {}.", "Please tell me {}.", "Give me {}.", "Say {}.",
               "Could you give me {}?", "I want to know {}.", "What would you say is {}?", "Could you tell me {}?", "Write {}.", "I need {}.")
ORDER_FRAMES = ("{}.", "Please {}.", "Can you {}?", "Could you {}?", "{}, please.", "Would you {}?", "I want you to {}.", "Now {}.", "Can you {} for me?", "Try to {}.",
                "Look at the picture and {}.", "You should {}.")
ASK = {
    "read": ["what does the text say", "what is written", "what text is", "which text is written", "what does it say", "which text can you see", "what can you read",
             "which text do you see", "what text is shown", "what text can be read", "what does the picture say", "what are the words", "what has been written"],
    "read_word": ["what word is this", "which word is it", "what word is written", "what word do you see", "what word can you see", "what does the word say", "which word can you read",
                  "what word is it", "which word is", "what is the word", "what is the written word"],
    "read_digits": ["what number is it", "which number is it", "what number is shown", "what number can you see", "which number can you read", "what is the number",
                    "what number is written", "which number is written", "what digits are shown", "which digits do you see", "what does the number say"],
    "letter_first": ["what is the first letter", "which of the letters is first", "which letter is at the start", "which letter begins the word", "what letter is at the beginning", "which letter is the first one",
                     "what does the word begin with", "what does the text start with", "which is the first letter"],
    "letter_last": ["what is the last letter", "which of the letters is last", "which letter is at the end", "which letter ends the word", "what letter is at the end", "which letter is the last one",
                    "what does the word finish with", "what does the text end with", "which is the last letter"],
    "icon": ["what is it", "what thing is this", "which thing is it", "what can be seen", "what is shown", "what do you see", "which thing can you see", "what object is this",
             "which object is shown", "what object do you see", "what is this", "what is this object", "what is displayed", "what does this show", "what is drawn", "which icon is shown",
             "what is the icon", "what icon do you see"],
    "icon_at": ["what is {side}", "what can be seen {side}", "which icon is {side}", "what thing is {side}", "what is shown {side}", "what object is {side}"],
    "icon_exists": ["is there {a_thing}", "do you see {a_thing}", "can you see {a_thing}", "is {a_thing} shown", "do you find {a_thing}", "can {a_thing} be seen"],
    "exist": ["is there {a_thing}", "do you see {a_thing}", "can you see {a_thing}", "is {a_thing} shown", "do you find {a_thing}", "can {a_thing} be seen", "is {a_thing} somewhere",
              "is there {a_thing} anywhere", "do you think there is {a_thing}", "would you say there is {a_thing}", "is it true that there is {a_thing}", "does it show {a_thing}",
              "do you notice {a_thing}", "is {a_thing} present", "does the picture contain {a_thing}", "does the image have {a_thing}", "does the picture have {a_thing}"],
    "count": ["how many objects are there", "how many objects can you see", "how many things can you see", "how many objects can be seen", "how many things can you count",
              "how many objects can you count", "how many things does the picture show", "how many objects does the image show", "how many are there", "how many objects do you find",
              "how many things are shown", "what is the count of objects", "how many objects are shown"],
    "count_shape": ["how many {shapes} can be seen", "how many {shapes} can you count", "how many {shapes} are shown", "how many {shapes} do you find", "how many {shapes} are there",
                    "how many of the shapes are {shapes}", "how many {shapes} are visible", "how many {shapes} does the image have"],
    "count_color": ["how many {color} shapes are there", "how many {color} shapes can you count", "how many {color} objects are there", "how many of the shapes are {color}",
                    "how many shapes have the color {color}", "how many {color} things do you see", "how many {color} shapes are shown", "how many objects are {color}",
                    "how many {color} ones are there"],
    "color": ["what color is the {shape}", "which color is the {shape}", "what is the color of the {shape}", "what color has the {shape}", "in which color is the {shape} drawn",
              "in what color is the {shape}", "the {shape} has which color", "what color do you see on the {shape}", "which color did the {shape} get", "is the {shape} red or blue or what"],
    "color_only": ["what color is it", "which color is shown", "what color do you see", "what color can you see", "what is the color", "which color does it have", "in which color is it",
                   "what color does the shape have", "which color has the shape", "which of the colors is it"],
    "shape": ["what shape is {color}", "which of the shapes has the color {color}", "what is the {color} thing", "which shape do you see in {color}", "what shape is drawn in {color}",
              "what shape does the {color} one have", "which shape has {color} color", "what is {color}", "which thing is {color}", "which one of the shapes is {color}", "what kind of shape is {color}",
              "which shape can you see in {color}", "what kind of shape is the {color} one"],
    "shape_only": ["what kind of shape is this", "what shape can you see", "which shape can you see", "what shape is shown", "what is this shape", "which shape is drawn",
                   "what shape does it have", "what is the shape called", "which shape is it"],
    "where": ["where is the {thing}", "where can the {thing} be found", "in which place is the {thing}", "where do you find the {thing}", "on which side is the {thing}",
              "where do you see the {thing}", "at which place is the {thing}", "in what place can you see the {thing}", "where does the {thing} stand"],
    "at": ["what is {place}", "what can be seen {place}", "what can you see {place}", "what shape is {place}", "what thing is {place}", "which shape do you find {place}"],
    "relation": ["is the {a} {relation} the {b}", "do you find the {a} {relation} the {b}", "does the {a} stand {relation} the {b}", "would you say that the {a} is {relation} the {b}",
                 "do you think the {a} is {relation} the {b}", "can the {a} be seen {relation} the {b}", "is it correct that the {a} is {relation} the {b}",
                 "does the {a} lie {relation} the {b}", "is it so that the {a} is {relation} the {b}", "is the {a} placed {relation} the {b}", "does the image show a {a} {relation} the {b}"],
    "which_side": ["which is {further}, the {a} or the {b}", "which one is {further}, the {a} or the {b}", "which of the two is {further}, the {a} or the {b}",
                   "which shape is {further}, the {a} or the {b}"],
    "tallest": ["which bar is the tallest", "which bar is highest", "what color has the tallest bar", "which color does the highest bar have", "which bar has the largest value",
                "which bar reaches the top", "which bar has the highest value", "what color does the tallest bar have", "which one is the tallest bar", "what is the tallest bar",
                "which bar has the maximum", "which bar is the longest", "which of the bars is the longest", "which one of the bars is the largest", "which of the bars reaches highest", "what color is the longest bar"],
    "tallest_value": ["how tall is the tallest bar", "what value has the highest bar", "what is the value of the largest bar", "how high does the tallest bar reach", "what is the maximum",
                      "which value does the highest bar have", "how high is the highest bar", "how high is the largest bar", "what value does the highest bar show",
                      "what is the top value", "what is the biggest value", "which is the highest value", "what value is the largest"],
    "shortest": ["which bar is lowest", "which bar has the smallest value", "which bar is the smallest", "which of the bars is the smallest", "what color does the shortest bar have", "which bar has the lowest value"],
    "bar_value": ["how tall is the {color} bar", "what value does the {color} bar have", "how high does the {color} bar reach", "what does the {color} bar show", "what is the {color} value"],
    "bar_count": ["how many bars are there", "how many bars can you see", "how many bars are shown", "how many bars do you find"],
    "change": ["what changed", "what has changed", "what is different", "what is different now", "what is new", "what is the difference between the images", "what happened",
               "what was changed", "which difference do you see", "how do the images differ", "what differs", "how are the pictures different", "what did change", "what is not equal",
               "what changed between the pictures", "how does image 2 differ from image 1", "which change do you see", "what is the difference between the two pictures"],
    "change_where": ["where is the difference", "where did it change", "where is something different", "where do the pictures differ"],
    "image_exist": ["is there {a_thing} in image {n}", "can you see {a_thing} in image {n}", "does the {nth} picture show {a_thing}", "is {a_thing} in the {nth} image"],
    "image_at": ["what can you see {place} in image {n}", "which shape is {place} in image {n}", "what does image {n} show {place}"],
    "pair_what": ["what is in image {n}", "what can you see in image {n}", "what is in the {nth} picture", "what do you see in the {nth} image", "what does the {nth} image show"],
    "pair_which": ["which image shows {a_thing}", "where is {a_thing}, in image 1 or in image 2", "in which picture do you see {a_thing}", "which of the images has {a_thing}"],
    "describe": ["what is there", "what do you see in total", "what does the whole picture show"],
}
# kinds with questions that such a tail does not fit
NO_TAIL = {"read", "icon", "change", "change_where", "image_exist", "image_at", "pair_what", "pair_which", "where", "at", "icon_at", "describe"}
CLAUSE = {
    "read": ["what the text says", "what is written", "what is written here", "what you can read", "which text you see", "what it says", "what the picture says"],
    "read_word": ["which word this is", "what word is shown", "what the word says", "which word you see", "what word is written here", "which word is in the image"],
    "read_digits": ["which number this is", "what number is shown", "what the number says", "which number you see", "what number is written here", "which number is in the image"],
    "letter_first": ["which letter is first", "which letter comes first", "what the first letter is", "what the word starts with", "which letter it begins with"],
    "letter_last": ["which letter is last", "which letter comes last", "what the last letter is", "what the word ends with", "which letter it ends with"],
    "icon": ["what is shown", "what you see", "what it is", "what this shows", "what this is called", "what is in the picture", "which thing is shown", "what the picture shows"],
    "icon_at": ["what is {side}", "what you see {side}"],
    "icon_where": ["where the {thing} is", "where you see the {thing}"],
    "icon_exists": ["if there is {a_thing}", "if you see {a_thing}", "whether there is {a_thing}"],
    "exist": ["if there is {a_thing}", "if you see {a_thing}", "whether there is {a_thing}", "if the picture shows {a_thing}", "whether you can find {a_thing}"],
    "count": ["how many objects you see", "how many things there are", "how many there are", "how many objects are in the picture", "how many things you can count"],
    "count_shape": ["how many {shapes} you see", "how many {shapes} are in the picture", "how many {shapes} are shown", "how many shapes are {shapes}"],
    "count_color": ["how many {color} shapes there are", "how many {color} shapes you see", "how many objects are {color}", "how many {color} things there are"],
    "color": ["what color the {shape} is", "which color the {shape} has", "what color the {shape} has", "in which color the {shape} is drawn", "the color that the {shape} has"],
    "color_only": ["what color it is", "which color it has", "what color this is", "what color you see"],
    "shape": ["which shape has the color {color}", "what shape the {color} one is", "what shape is {color}", "which shape the {color} one is", "what the {color} thing is"],
    "shape_only": ["what shape this is", "which shape it is", "what shape you see", "which shape you see", "what the shape is"],
    "where": ["where you see the {thing}", "in which part the {thing} is", "where the {thing} can be found", "on which side the {thing} is", "in which part of the image the {thing} is"],
    "at": ["what is {place}", "which shape is {place}", "what you see {place}"],
    "row": ["in which row the {thing} is"],
    "column": ["in which column the {thing} is"],
    "relation": ["if the {a} is {relation} the {b}", "whether the {a} is {relation} the {b}", "if you see the {a} {relation} the {b}"],
    "which_side": ["which is {further}, the {a} or the {b}"],
    "tallest": ["which bar is highest", "which bar has the largest value", "what color the tallest bar has", "which color the tallest bar is", "which bar is the largest"],
    "tallest_value": ["how high the tallest bar is", "what value the tallest bar has", "what the largest value is", "how tall the highest bar is", "which value is the highest"],
    "shortest": ["which bar is the shortest", "which bar has the smallest value"],
    "bar_value": ["how high the {color} bar is", "what value the {color} bar has"],
    "bar_count": ["how many bars there are"],
    "change": ["what is different", "what has changed", "what is different now", "how the images differ", "what was changed", "what is new in image 2", "which thing is different"],
    "change_where": ["where the difference is", "where something changed"],
    "image_exist": ["if there is {a_thing} in image {n}"],
    "image_at": ["what is {place} in image {n}"],
    "image_other": ["what image {n} shows in the place of the {thing}"],
    "pair_what": ["what is in image {n}", "what the {nth} image shows"],
    "pair_which": ["which image shows {a_thing}"],
    "describe": ["what is in the picture in one sentence", "in one sentence what you see", "everything that is in the picture", "all that you see"],
}
NAME = {
    "read": ["the text", "the written text", "the text in the picture", "the words in the picture"],
    "read_word": ["the word", "the word in the picture", "the word you see", "the written word"],
    "read_digits": ["the number", "the number in the picture", "the number you see", "the written number"],
    "letter_first": ["the first letter", "the first letter of the word", "the letter at the start"],
    "letter_last": ["the last letter", "the last letter of the word", "the letter at the end"],
    "word_first": ["the first word"], "word_second": ["the second word"], "word_last": ["the last word"],
    "icon": ["the thing in the picture", "this object", "the thing you see", "the icon in the picture", "the object", "the name of this thing"],
    "icon_at": ["the thing {side}", "the icon {side}"],
    "card_icon": ["the icon {beside} the text", "the icon"],
    "icon_where": ["the place of the {thing}"],
    "count": ["the number of objects", "the number of things in the picture", "the count of objects", "the total number of objects"],
    "count_shape": ["the number of {shapes}", "the count of {shapes}", "the number of {shapes} in the picture"],
    "count_color": ["the count of {color} shapes", "the number of shapes that are {color}", "the number of {color} objects"],
    "color": ["the color of the {shape}", "the color the {shape} has", "the color of the {shape} in the picture", "the {shape} color"],
    "color_only": ["the color", "the color of the shape", "the color of it", "the color you see"],
    "shape": ["the {color} shape", "the shape of color {color}", "the shape that is {color}", "the shape with the color {color}", "the shape drawn in {color}", "the {color} one"],
    "shape_only": ["the shape", "this shape", "the shape you see", "the kind of shape"],
    "where": ["the place of the {thing}", "the position of the {thing}", "the part of the picture with the {thing}"],
    "at": ["the shape {place}", "the thing {place}"],
    "row": ["the row of the {thing}"], "column": ["the column of the {thing}"],
    "tallest": ["the tallest bar", "the highest bar", "the color of the highest bar", "the bar with the largest value", "the longest bar", "the bar with the highest value"],
    "tallest_value": ["the largest value", "the value of the tallest bar", "the highest value", "the height of the tallest bar", "the maximum of the chart", "the value of the longest bar"],
    "shortest": ["the shortest bar", "the lowest bar", "the bar with the smallest value"],
    "bar_value": ["the value of the {color} bar", "the height of the {color} bar"],
    "bar_count": ["the number of bars"],
    "change": ["the difference", "the difference between the images", "the change you see", "the thing that changed", "the change from image 1 to image 2"],
    "change_where": ["the place of the difference"],
    "image_at": ["the shape {place} in image {n}"],
    "image_count": ["the number of shapes in image {n}"],
    "describe": ["a description", "a short description of the picture", "a description in one sentence", "a list of everything you see"],
}
ORDER = {
    "read": ["read the text", "read what is written", "read what you see", "read it to me", "write down the text", "read the picture", "read out the text"],
    "read_word": ["read the word", "read out the word", "write down the word", "spell the word", "read the word in the picture"],
    "read_digits": ["read the number", "read out the number", "write down the number", "read the number in the picture", "read the digits"],
    "icon": ["name this", "name this object", "name what you see", "say what this is", "name the object in the picture"],
    "icon_list": ["list all things", "name all things", "list what you see", "name everything in the picture", "list everything you see"],
    "count": ["count the objects", "count all objects", "count the things", "count everything you see", "count what you see", "count the objects in the picture"],
    "count_shape": ["count the {shapes}", "count all {shapes}", "count the {shapes} in the picture"],
    "count_color": ["count the {color} shapes", "count all {color} shapes", "count the {color} objects"],
    "color": ["name the color that the {shape} has", "say which color the {shape} is", "look at the {shape} and name its color"],
    "color_only": ["name its color", "say which color it is", "look at the shape and name its color"],
    "shape": ["name the shape that is {color}", "find the {color} shape and name it", "say which shape is {color}", "look for the {color} shape and name it"],
    "shape_only": ["name this shape", "say which shape it is", "name the shape you see"],
    "where": ["find the {thing}", "say where the {thing} is", "look for the {thing} and tell me where it is"],
    "bar_count": ["count the bars"],
    "tallest": ["find the tallest bar", "find the highest bar", "name the bar with the largest value", "name the highest bar"],
    "tallest_value": ["find the largest value", "read the value of the tallest bar", "read the highest value", "find the maximum"],
    "describe": ["describe the picture", "describe the image", "describe what you see", "describe this", "describe everything", "describe what is shown", "describe everything you see",
                 "say what you see in one sentence", "describe the whole picture", "describe all things in the picture", "describe this image", "describe what the picture shows"],
    "list_shapes": ["list the shapes", "list all shapes", "name all shapes one by one"],
    "change": ["compare the images", "compare the pictures", "find the difference", "find what changed", "name the difference", "compare both images and name the difference",
               "describe the difference", "describe what changed", "spot the difference", "say what is different"],
}


def combined(forms, **parts):
    """Every form with every combination of what its slots can hold; other slots stay."""
    made = list(forms)
    for slot, values in parts.items():
        made = [text.replace("<" + slot + ">", value) for text in made for value in values]
    return list(dict.fromkeys(made))


TALL = ("tallest", "highest", "longest", "largest", "biggest")
ASK["tallest"] += combined(
    ["which bar is the <tall>", "which of the bars is the <tall>", "which one is the <tall>", "which is the <tall> bar", "what is the <tall> bar", "which one of the bars is the <tall>",
     "what color is the <tall> bar", "what color has the <tall> one", "which color is the <tall> one", "which color does the <tall> bar have", "what is the color of the <tall> one",
     "of what color is the <tall> bar", "which of all bars is <tall>", "which color belongs to the <tall> bar"], tall=TALL)
NAME["tallest"] += combined(["the <tall> bar", "the color of the <tall> bar", "the <tall> of the bars", "the color that the <tall> bar has"], tall=TALL)
ASK["tallest_value"] += combined(
    ["what is the value of the <tall> bar", "how high is the <tall> bar", "how tall is the <tall> one", "which value does the <tall> bar have", "what value has the <tall> one",
     "what value does the <tall> bar show", "what is the height of the <tall> bar", "what does the <tall> bar reach"], tall=TALL)
ASK["change"] += combined(["<what> <did>", "<what> <did> in image 2", "<what> <did> from image 1 to image 2"],
                          what=("what", "what thing", "which object", "which shape", "what object", "which part", "what exactly", "which one"),
                          did=("changed", "has changed", "is different", "is different now", "was changed", "became different", "is new", "looks different", "does not match"))
CLAUSE["change"] += combined(["<what> <did>"], what=("what", "what thing", "which object", "which shape", "which part"),
                             did=("changed", "has changed", "is different", "was changed", "became different", "looks different"))
NAME["change"] += combined(["the <change> <between>"], change=("change", "difference", "changed thing", "different thing"),
                           between=("between the images", "between the two pictures", "in image 2", "between image 1 and image 2", "you can see"))


def bare(text):
    """The words of a wording: two that differ in capitals or punctuation only are the same."""
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c in " {}'_").split())


def varied(kind, unseen):
    """All wordings of a kind that the frames give, without those kept for tests."""
    parts = [(with_tails(kind), ASK_FRAMES)] + [(of.get(kind, ()), frames) for of, frames in ((CLAUSE, CLAUSE_FRAMES), (NAME, NAME_FRAMES), (ORDER, ORDER_FRAMES))]
    made = [frame.replace("{}", text) for texts, frames in parts for text in texts for frame in frames]
    kept = {bare(t) for t in unseen}
    return [text for text in dict.fromkeys(t[0].upper() + t[1:] for t in made) if bare(text) not in kept]


def with_tails(kind):
    """The direct questions of a kind, each also with the tails that fit it."""
    says_where = lambda text: any(word in text for word in ("picture", "image", "here", "anywhere", "somewhere"))
    return [text + tail for text in ASK.get(kind, ()) for tail in (("",) if kind in NO_TAIL or says_where(text) else TAILS)]
