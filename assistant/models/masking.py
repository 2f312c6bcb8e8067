"""A hosted model that is sent nothing in which personal data can be recognised."""

from collections.abc import Iterator, Sequence

from assistant.masking import masked
from assistant.models.hosted import HostedModel
from assistant.models.language_model import Message, Piece
from assistant.models.usage import Meter


class MaskingModel:
    """``model`` with everything that it is sent masked: questions, conversations and passages alike."""

    def __init__(self, model: HostedModel) -> None:
        self._model = model

    def __repr__(self) -> str:
        return f"MaskingModel({self._model!r})"

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    @property
    def several_at_once(self) -> bool:
        """Whether it writes several answers at a time as well as one."""
        return self._model.several_at_once

    @property
    def usage(self) -> Meter:
        """What the model has read and written."""
        return self._model.usage

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        grammar: str = "",
        alternatives: int = 0,
    ) -> Iterator[Piece]:
        """See ``LanguageModel.complete``."""
        sent = [Message(message.role, masked(message.text)) for message in messages]
        return self._model.complete(sent, max_tokens=max_tokens, stop=stop, grammar=grammar, alternatives=alternatives)

    def close(self) -> None:
        """Gives the model back."""
        self._model.close()
