"""How each kind of question is put. `PLAIN` and `VARIED` wordings occur in training; the five `UNSEEN` ones of a kind are kept for tests.

`{...}` are filled by the scene. The wordings of a kind share its answer format. The varied ones are made in `wordings.py`.
"""
from .wordings import varied

PLAIN = {
    "read": ["What does the text say?", "Read the text.", "What is written here?", "What does it say?", "What is the text?", "Can you read this?",
             "What is written in the picture?", "Read this.", "Please read the text.", "Tell me what is written here."],
    "read_word": ["What word is this?", "Which word is written here?", "Read the word.", "What is the word?", "Which word do you see?", "Tell me the word.",
                  "What word is shown?"],
    "read_digits": ["What number is this?", "Read the number.", "Which number is shown?", "What is the number?", "Which number do you see?", "Tell me the number.",
                    "What number is written here?"],
    "letter_first": ["What is the first letter?", "Which letter comes first?", "Which letter is first?", "What letter does it start with?", "Tell me the first letter."],
    "letter_last": ["What is the last letter?", "Which letter comes last?", "Which letter is last?", "What letter does it end with?", "Tell me the last letter."],
    "word_first": ["What is the first word?", "Read the first word.", "Which word comes first?", "Which word is first?"],
    "word_second": ["What is the second word?", "Read the second word.", "Which word is second?"],
    "word_last": ["What is the last word?", "Read the last word.", "Which word comes last?", "Which word is last?"],
    "icon": ["What is this?", "What is in the picture?", "What do you see?", "What is shown in the image?", "Which icon is this?", "What does the picture show?",
             "Name this.", "What is this thing?", "Tell me what this is.", "Which thing is shown?"],
    "icon_list": ["What is in the picture?", "What do you see?", "What is shown in the image?", "List everything in the picture.", "Which things are in the picture?",
                  "Name everything you see.", "Which things do you see?", "What things are there?"],
    "icon_at": ["What is {side}?", "What do you see {side}?", "Which thing is {side}?", "What can you see {side}?", "Name the thing {side}."],
    "icon_where": ["Where is the {thing}?", "In which part of the picture is the {thing}?", "Where do you see the {thing}?", "Where in the picture is the {thing}?"],
    "icon_exists": ["Is there {a_thing}?", "Do you see {a_thing}?", "Is there {a_thing} in the picture?", "Can you see {a_thing}?", "Does the picture show {a_thing}?",
                    "Is {a_thing} in the picture?"],
    "card_icon": ["Which icon is this?", "Which icon is in the picture?", "What is {beside} the text?", "Which thing is {beside} the text?", "Name the icon."],
    "count": ["How many objects are there?", "How many things are in the picture?", "Count the objects.", "How many objects do you see?", "How many things are there?",
              "How many objects are in the image?", "Count the things.", "What is the number of objects?"],
    "count_shapes": ["How many shapes are there?", "Count the shapes.", "How many shapes do you see?", "How many shapes are in the picture?"],
    "count_shape": ["How many {shapes} are there?", "Count the {shapes}.", "How many {shapes} do you see?", "How many {shapes} are in the picture?",
                    "What is the number of {shapes}?"],
    "count_color": ["How many {color} shapes are there?", "How many shapes are {color}?", "Count the {color} shapes.", "How many {color} shapes do you see?",
                    "How many {color} things are there?"],
    "color": ["What color is the {shape}?", "Which color is the {shape}?", "What is the color of the {shape}?", "Which color does the {shape} have?",
              "Tell me the color of the {shape}.", "What color does the {shape} have?", "The {shape} is what color?"],
    "color_only": ["What color is the shape?", "What color is it?", "Which color is this?", "What color is this shape?", "Tell me the color.", "Which color is the shape?"],
    "shape": ["What shape is the {color} one?", "Which shape is {color}?", "What is the {color} shape?", "Which shape is the {color} one?", "What shape is {color}?",
              "Name the {color} shape.", "Which shape has the color {color}?"],
    "shape_only": ["What shape is this?", "Which shape is it?", "What shape is it?", "Which shape is this?", "Name the shape.", "What is the shape?"],
    "where": ["Where is the {thing}?", "In which part of the picture is the {thing}?", "Where do you see the {thing}?", "Where in the picture is the {thing}?",
              "Tell me where the {thing} is."],
    "row": ["In which row is the {thing}?", "Which row is the {thing} in?", "How far down is the {thing}?"],
    "column": ["In which column is the {thing}?", "Which column is the {thing} in?", "How far right is the {thing}?"],
    "at": ["What is {place}?", "Which shape is {place}?", "What do you see {place}?", "Which thing is {place}?", "Name the shape {place}."],
    "relation": ["Is the {a} {relation} the {b}?", "Do you see the {a} {relation} the {b}?", "Can you see the {a} {relation} the {b}?",
                 "Is it true that the {a} is {relation} the {b}?", "Is there a {a} {relation} the {b}?"],
    "which_side": ["Which is {further}, the {a} or the {b}?", "What is {further}, the {a} or the {b}?", "Is the {a} or the {b} {further}?"],
    "exist": ["Is there {a_thing}?", "Do you see {a_thing}?", "Is there {a_thing} in the picture?", "Can you see {a_thing}?", "Does the picture show {a_thing}?",
              "Is {a_thing} in the picture?"],
    "describe": ["Describe the picture.", "Describe the image.", "Describe this image in one sentence.", "Describe what you see.", "Give a short description.",
                 "Please describe the picture.", "Describe everything in the picture."],
    "list_shapes": ["List the shapes.", "Name all shapes.", "List all shapes one by one.", "Name every shape in order."],
    "absent": ["What color is the {shape}?", "Where is the {shape}?", "Which color does the {shape} have?", "Tell me the color of the {shape}."],
    "tallest": ["Which bar is the tallest?", "What color is the tallest bar?", "Which bar is the highest?", "What color is the highest bar?", "Which color has the tallest bar?"],
    "tallest_value": ["What is the value of the tallest bar?", "How high is the tallest bar?", "What is the highest value?", "Which value has the tallest bar?",
                      "What is the largest value in the chart?"],
    "shortest": ["Which bar is the shortest?", "What color is the shortest bar?", "Which bar is the lowest?", "What color is the lowest bar?"],
    "bar_value": ["What is the value of the {color} bar?", "How high is the {color} bar?", "Which value does the {color} bar have?", "What value has the {color} bar?"],
    "bar_count": ["How many bars are there?", "Count the bars.", "How many bars do you see?", "How many bars does the chart have?"],
    "change": ["What changed?", "What is different?", "What has changed?", "What is the difference?", "What changed from image 1 to image 2?",
               "What is different in image 2?", "Tell me what changed."],
    "change_where": ["Where is the difference?", "Where did something change?", "In which part of the picture is the difference?", "Where do the images differ?"],
    "image_at": ["What is {place} in image {n}?", "What is {place} in the {nth} image?", "What do you see {place} in image {n}?", "Name the shape {place} in image {n}."],
    "image_exist": ["Is there {a_thing} in image {n}?", "Do you see {a_thing} in image {n}?", "Does image {n} show {a_thing}?", "Is there {a_thing} in the {nth} image?"],
    "image_count": ["How many shapes are in image {n}?", "Count the shapes in image {n}.", "How many shapes does the {nth} image show?"],
    "image_other": ["What is in the place of the {thing} in image {n}?", "What does image {n} show in the place of the {thing}?", "What is in image {n} where the {thing} is?"],
    "pair_what": ["What is in image {n}?", "What does image {n} show?", "What is in the {nth} image?", "What does the {nth} picture show?", "What do you see in image {n}?"],
    "pair_which": ["Which image shows {a_thing}?", "Which picture shows {a_thing}?", "In which image is {a_thing}?", "Which image has {a_thing}?"],
}

UNSEEN = {
    "read": ["Could you tell me what the text says?", "What text do you see?", "Which text is in the picture?", "What can you read here?", "Please tell me what is written."],
    "read_word": ["Please read this word.", "Which word is shown?", "What is this word?", "Can you read the word?", "Which word is in the picture?"],
    "read_digits": ["Please read this number.", "Which number is this?", "Can you read the number?", "Which number is in the picture?", "What number do you see?"],
    "letter_first": ["Can you tell me the first letter?", "What letter is first?", "With which letter does it start?", "Name the first letter.", "What letter comes first?"],
    "letter_last": ["Can you tell me the last letter?", "What letter is last?", "With which letter does it end?", "Name the last letter.", "What letter comes last?"],
    "icon": ["Can you name this thing?", "What can you see?", "Please tell me what this is.", "What is shown here?", "Which thing do you see?"],
    "count": ["Please count the objects.", "Can you count the things?", "How many things do you see?", "Tell me how many objects there are.", "What is the number of things?"],
    "count_shape": ["Please count the {shapes}.", "How many {shapes} can you see?", "Tell me how many {shapes} there are.", "How many {shapes} does the picture show?",
                    "Can you count the {shapes}?"],
    "count_color": ["Please count the {color} shapes.", "How many {color} shapes can you see?", "Tell me how many shapes are {color}.",
                    "What is the number of {color} shapes?", "Can you count the {color} shapes?"],
    "color": ["Can you tell me the color of the {shape}?", "Name the color of the {shape}.", "What is the {shape}'s color?", "Which color is the {shape} in the picture?",
              "Please tell me the color of the {shape}."],
    "color_only": ["Can you tell me the color?", "Name the color.", "What is its color?", "Which color is it?", "Which color do you see?"],
    "shape": ["Tell me which shape is {color}.", "What is the shape of the {color} one?", "Which of the shapes is {color}?", "Can you name the {color} shape?",
              "Please name the {color} shape."],
    "shape_only": ["Can you name the shape?", "Which shape do you see?", "Tell me the shape.", "What shape do you see?", "Which shape is shown?"],
    "where": ["Can you tell me where the {thing} is?", "Where can you see the {thing}?", "In what part of the picture is the {thing}?", "Please tell me where the {thing} is.",
              "Where in the image is the {thing}?"],
    "relation": ["Is the {a} in the picture {relation} the {b}?", "Would you say the {a} is {relation} the {b}?", "Tell me, is the {a} {relation} the {b}?",
                 "Does the picture show the {a} {relation} the {b}?", "Is it right that the {a} is {relation} the {b}?"],
    "exist": ["Can you find {a_thing}?", "Is {a_thing} there?", "Does the image show {a_thing}?", "Is there {a_thing} in the image?", "Tell me, is there {a_thing}?"],
    "describe": ["Can you describe the picture?", "Please describe what is in the image.", "Tell me everything you see.", "Describe this picture.", "Give a description of the image."],
    "tallest": ["Can you tell me which bar is the tallest?", "Which color is the tallest bar?", "Which of the bars is the highest?", "What is the color of the tallest bar?",
                "Name the tallest bar."],
    "tallest_value": ["What value does the tallest bar have?", "Tell me the value of the highest bar.", "What is the value of the highest bar?",
                      "Which value does the tallest bar reach?", "What is the maximum value?"],
    "change": ["Can you tell me what changed?", "What is the change?", "What is not the same?", "Which thing changed?", "What is different between the images?"],
}
assert all(len(v) == 5 for v in UNSEEN.values())
assert not any(set(v) & set(PLAIN[k]) for k, v in UNSEEN.items()), "an unseen wording is trained"
KEPT = [text for wordings in UNSEEN.values() for text in wordings]  # from every kind: twins like `exist` and `icon_exists` share wordings
VARIED = {kind: varied(kind, KEPT) for kind in PLAIN}
SHARE_PLAIN = 0.35  # of the questions in training


def phrase(r, kind, wording, **slots):
    """A question of the kind. `wording`: "varied" for training, "plain" for tests of the trained wordings, or the number of an unseen one."""
    if wording == "varied" and VARIED[kind] and r.random() > SHARE_PLAIN:
        text = r.choice(VARIED[kind])
    else:
        text = UNSEEN[kind][wording] if isinstance(wording, int) else r.choice(PLAIN[kind])
    return text.format(**slots)
