"""How sentences become tokens for BLIP: its tokenizer, and the first token that says what is asked of the network.

BLIP reads a sentence in three ways, told apart by the first token: [CLS] for the embedding, [ENC] for the comparison
with a picture, [DEC] for writing. The last two stand behind BERT's own vocabulary and are in no tokenizer's files.
May import: `engine.core`, `models.checkpoint`; loads torch and transformers when built.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.core.errors import ModelError
from models.checkpoint import offline

PROMPT = "a picture of "
"""How BLIP's captions begin; it is told so in training and when it writes."""

_ENCODE = "[ENC]"


class BlipText:
    """Tokens of sentences for one BLIP checkpoint.

    Args:
        folder: of the checkpoint, with the tokenizer's files.
        config: the checkpoint's own, of transformers.

    Raises:
        ModelError: the tokenizer is missing, broken, or has more words than the network.

    Source: Li et al. 2022, arXiv 2201.12086, and the code published with it: `init_tokenizer`, `BLIP_Base.forward`.
    """

    def __init__(self, folder: Path, config: Any) -> None:
        from transformers import AutoTokenizer

        text = config.text_config
        try:
            for file in sorted(folder.glob("*token*.json")):
                json.loads(file.read_text("utf-8"))  # of a broken one the library below raises a bare Exception
            with offline():
                self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
            raise ModelError(
                f"The tokenizer of the checkpoint {folder.name} cannot be read. Fetch the whole checkpoint again.",
                detail=f"{type(error).__name__}: {error}",
            ) from error
        if len(self.tokenizer.get_vocab()) > text.vocab_size:
            raise ModelError(f"The tokenizer of the checkpoint {folder.name} does not belong to it. Fetch both again.")
        self.longest = int(text.max_position_embeddings)
        self.pad_id = int(text.pad_token_id)
        self.decode_id = int(text.bos_token_id)
        self.encode_id = self._encode_id(int(text.vocab_size))

    def _encode_id(self, words: int) -> int:
        """The number of [ENC]: its own where the tokenizer knows it, else the one behind [DEC].

        A network without a place for it is asked with [CLS], as transformers does.
        """
        known: dict[str, int] = self.tokenizer.get_vocab()
        if _ENCODE in known:
            return known[_ENCODE]
        behind = self.decode_id + 1
        return behind if behind < words else int(self.tokenizer.cls_token_id)

    def tokens(self, sentences: Sequence[str], longest: int = 0) -> tuple[Any, Any]:
        """Tokens with [CLS] first and [SEP] last, filled up to the longest sentence.

        Args:
            sentences: N, N >= 1.
            longest: tokens of a sentence at most, the rest is cut off; 0 for what the network can read.

        Returns:
            Tokens and attention mask, (N, T) int64 tensors.
        """
        limit = min(longest or self.longest, self.longest)
        told = self.tokenizer(list(sentences), padding=True, truncation=True, max_length=limit, return_tensors="pt")
        return told["input_ids"], told["attention_mask"]

    def to_compare(self, tokens: Any) -> Any:
        """The same tokens, as the network is asked whether they fit a picture."""
        asked = tokens.clone()
        asked[:, 0] = self.encode_id
        return asked

    def to_write(self, tokens: Any) -> Any:
        """The same tokens, as the network writes them."""
        asked = tokens.clone()
        asked[:, 0] = self.decode_id
        return asked

    @property
    def prompt_length(self) -> int:
        """Tokens of the prompt, the first one with it: what the network need not write itself."""
        return len(self.tokenizer(PROMPT)["input_ids"]) - 1

    def sentence(self, tokens: Any) -> str:
        """What was written, without the prompt."""
        written = str(self.tokenizer.decode(tokens[self.prompt_length :], skip_special_tokens=True))
        return " ".join(written.split())
