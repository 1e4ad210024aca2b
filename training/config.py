"""Dimensions of the model and the time of each stage (seconds of wall clock, one or two cores)."""
from .model import LanguageConfig, OvisConfig, VisionConfig
from .visual_words import WORDS

MODEL = OvisConfig(
    VisionConfig(image_size=128, patch_size=16, hidden_size=256, intermediate_size=704, num_hidden_layers=6,
                 num_attention_heads=4, hidden_stride=1, vocab_size=WORDS + 5),
    LanguageConfig(vocab_size=1024, hidden_size=192, intermediate_size=512, num_hidden_layers=6,
                   num_attention_heads=3, num_key_value_heads=3),
)
EMBED_SCALE = 16.0
SECONDS = dict(dense=5200, symbolic=4750, frozen=420, stage1=40, stage2=60, stage3=615)
