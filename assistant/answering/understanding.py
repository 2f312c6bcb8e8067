"""A question understood from its conversation, as it stands alone: by rules, or in the words of a model."""

import logging
from contextlib import AbstractContextManager

from assistant.advising.naming import Naming
from assistant.contents.outline import Outline
from assistant.conversation.rewriting import rewritten
from assistant.conversation.standing_alone import earlier_questions, elliptic, puts_another_case, stand_alone
from assistant.models.language_model import LanguageModel
from assistant.questions.asked import asked_for
from assistant.records import History
from corpus.errors import UserError

log = logging.getLogger(__name__)


class Understanding:
    """Understands by rules, where ``model`` is None by those alone; ``generating`` is held while the model writes."""

    def __init__(
        self,
        outline: Outline,
        naming: Naming,
        model: LanguageModel | None,
        generating: AbstractContextManager[object],
    ) -> None:
        self._outline = outline
        self._naming = naming
        self._model = model
        self._generating = generating

    def standalone(self, question: str, history: History = ()) -> str:
        """The question as it is searched for, without a language model."""
        names = self._outline.rival_names(" ".join((*earlier_questions(history), question)))
        alone = stand_alone(question, history, names)
        return self._naming.named(asked_for(question) if self._naming.turns(question, alone) else alone)

    def understood(self, asked: str, history: History) -> str:
        """The question as it is searched for and answered.

        That is a follow-up that only has the earlier question beside it in the model's words, where those are sure. One
        that leaves out what it asks ("what about money?") small models put together wrongly.
        """
        plain, standalone = asked_for(asked), self.standalone(asked, history)
        beside = standalone.startswith(f"{plain} (")
        if self._model is None or not history or not beside or elliptic(plain) or puts_another_case(plain):
            return standalone
        try:
            with self._generating:
                written = rewritten(self._model, plain, history)
        except UserError as error:
            log.warning("Understood by rules alone: %s", error)
            return standalone
        return self._naming.named(written) if written else standalone
