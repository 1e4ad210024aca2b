"""Dimensions of the model and the length of each stage in steps. A larger model is another pair of lines here."""
from .model import LanguageConfig, OvisConfig, VisionConfig
from .visual_words import WORDS

MODEL = OvisConfig(
    VisionConfig(image_size=128, patch_size=16, hidden_size=256, intermediate_size=704, num_hidden_layers=6,
                 num_attention_heads=4, hidden_stride=1, vocab_size=WORDS + 5),
    LanguageConfig(vocab_size=1024, hidden_size=192, intermediate_size=512, num_hidden_layers=6,
                   num_attention_heads=3, num_key_value_heads=3),
)
EMBED_SCALE = 16.0
# Pictures or scenes per step: dense 64, symbolic 16, the others 16. A step of the dense stage takes about 1.2 s of one core, of the
# symbolic stage 0.65 s, of the others 1 to 1.4 s.
STEPS = dict(dense=6000, symbolic=7000, frozen=1200, stage1=300, stage2=800, stage3=3000)
