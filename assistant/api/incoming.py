"""What a program may send: questions, conversations and searches, each within bounds."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.records import History, Turn

TURNS_READ = 20
CHARACTERS_READ = 8_000
MOST_PASSAGES = 100


class Message(BaseModel):
    """One message of the conversation so far."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant"]
    content: str


class AskRequest(BaseModel):
    """A question, with the conversation before it where it follows up on one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "What are the drawbacks of letting the teams lead?"}]},
    )
    question: str = Field(description="At most 2,000 characters.")
    history: list[Message] = Field(
        [],
        description=f"Oldest first. The last {TURNS_READ} are read, the first {CHARACTERS_READ:,} characters of each.",
    )


class SearchRequest(BaseModel):
    """A question whose passages are wanted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": "quick wins", "k": 3}]})
    question: str = Field(description="At most 2,000 characters.")
    k: int = Field(10, ge=1, le=MOST_PASSAGES, strict=True, description="How many passages.")


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message as OpenAI's clients send it."""

    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """The words of the message; other parts than text are left out."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Accepted for the clients that send it; no tokens are counted."""

    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class ChatRequest(BaseModel):
    """A chat request as OpenAI's clients send it. What only steers a model, such as ``temperature``, has no effect."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": "strategy-assistant",
                    "messages": [{"role": "user", "content": "What are the drawbacks of letting the teams lead?"}],
                }
            ]
        },
    )
    messages: list[ChatMessage] = Field(
        min_length=1,
        description=f"The conversation; the last is the question. Of those before it the last {TURNS_READ} are read.",
    )
    model: str = Field("strategy-assistant", description="As `/v1/models` names it.")
    stream: bool | None = Field(False, description="Whether the answer comes in chunks, sentence by sentence.")
    stream_options: StreamOptions | None = Field(None, description="Taken, without effect: no tokens are counted.")
    n: int | None = Field(1, description="1: there is one answer.")
    response_format: dict[str, Any] | None = Field(None, description="Text is the only one.")

    tool_choice: str | dict[str, Any] | None = Field(None, description="No tool is called: none or auto.")
    function_call: str | dict[str, Any] | None = Field(None, description="The older name of `tool_choice`.")
    modalities: list[str] | None = Field(None, description="Text is the only one.")

    def question(self) -> str | None:
        """The last message where it is the user's; None where it is not."""
        last = self.messages[-1]
        return last.text if last.role == "user" else None

    def history(self) -> History:
        """The messages of user and assistant before the question; instructions to a model are not followed."""
        return bounded([(m.role, m.text) for m in self.messages[:-1]])


def bounded(messages: Sequence[tuple[str, str]]) -> History:
    """The part of a conversation that is read."""
    turns: list[Turn] = []
    for role, text in messages:
        if role in ("user", "assistant"):
            turns.append(Turn("user" if role == "user" else "assistant", text[:CHARACTERS_READ]))
    return tuple(turns[-TURNS_READ:])
