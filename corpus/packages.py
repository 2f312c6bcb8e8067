"""Opening Word and PowerPoint files of every kind: documents, templates, shows, and those of them with macros.

They differ from .docx and .pptx in the name of their main part's kind alone, at which the libraries stop. Macros are
bytes that nothing reads.
"""

from typing import IO, Any

_WORD = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
_SLIDES = (
    "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
)


def open_word(file: IO[bytes]) -> Any:
    """The document in a file of Word. Raises errors of many kinds where there is none."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    PartFactory.part_type_for.update(dict.fromkeys(_WORD, DocumentPart))
    return Package.open(file).main_document_part.document


def open_slides(file: IO[bytes]) -> Any:
    """The presentation in a file of PowerPoint. Raises errors of many kinds where there is none."""
    import pptx  # noqa: F401  It tells the factory of the parts that it knows.
    from pptx.opc.package import PartFactory
    from pptx.package import Package
    from pptx.parts.presentation import PresentationPart

    PartFactory.part_type_for.update(dict.fromkeys(_SLIDES, PresentationPart))
    return Package.open(file).main_document_part.presentation
