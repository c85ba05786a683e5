"""Tiny BLIP checkpoints with chance weights, written the way `save_pretrained` writes real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = """
    a an the of in and with picture man woman person wearing wears black white grey red orange yellow green blue purple
    pink brown shirt jacket dress trousers jeans skirt shorts shoes hat bag coat short long sleeves no is . , un ##known
"""

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY = [*SPECIAL, *WORDS.split()]

SIDE = 32


def blip_config(**changes: Any) -> Any:
    """A configuration with two layers, 32 pixels and the vocabulary above, [DEC] and [ENC] behind it."""
    from transformers import BlipConfig

    width = int(changes.pop("width", 32))
    text = {
        "vocab_size": len(VOCABULARY) + 2,
        "hidden_size": width,
        "encoder_hidden_size": width,
        "intermediate_size": 2 * width,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 48,
        "bos_token_id": len(VOCABULARY),
        "eos_token_id": VOCABULARY.index("[SEP]"),
        "sep_token_id": VOCABULARY.index("[SEP]"),
        "pad_token_id": 0,
    }
    vision = {
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": SIDE,
        "patch_size": 8,
        "initializer_range": 0.05,
    }
    return BlipConfig(text_config=text | changes, vision_config=vision, image_text_hidden_size=16)


def write_checkpoints(root: Path, *, seed: int = 5, **changes: Any) -> tuple[Path, Path]:
    """Folders of a retrieval and of a captioning checkpoint with chance weights.

    Args:
        root: folder they are made in.
        seed: of chance.
        changes: to the text part of the configuration, or `width`.
    """
    import torch
    from transformers import BlipForConditionalGeneration, BlipForImageTextRetrieval

    torch.manual_seed(seed)
    config = blip_config(**changes)
    folders = root / "tiny-itm", root / "tiny-captioning"
    for kind, folder in zip((BlipForImageTextRetrieval, BlipForConditionalGeneration), folders, strict=True):
        network = kind(config)
        # Chance as transformers makes it is nearly nothing at this size; answers must differ to tell anything.
        with torch.no_grad():
            for weight in network.parameters():
                if weight.ndim > 1:
                    weight.normal_(0.0, 0.08)
        network.save_pretrained(folder)
        write_processor(folder)
    return folders


def write_processor(folder: Path) -> None:
    """The files of the image processor and of the tokenizer."""
    from transformers import BertTokenizer
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    words = folder / "vocab.txt"
    words.write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    BertTokenizer(vocab=str(words), do_lower_case=True).save_pretrained(folder)
    BlipImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
