"""Texts that try to be run, to take for ever, or to break a parser; and a stick that none of them may move."""

from __future__ import annotations

import random

RAN: list[str] = []
"""Where a text would leave its mark if anything of it were run."""

TRICKS = [
    "__import__('hostile').RAN.append('call')",
    "import hostile; hostile.RAN.append('import')",
    "exec(\"import hostile; hostile.RAN.append('exec')\")",
    "eval(\"__import__('hostile').RAN.append('eval')\")",
    "[__import__('hostile').RAN.append(n) for n in range(9)]",
    "(lambda: __import__('hostile').RAN.append('lambda'))()",
    "nn.Conv2d(3, __import__('hostile').RAN.append('argument') or 8, 3)",
    "nn.Conv2d.__class__.__base__.__subclasses__()[0].__init__.__globals__['RAN']",
    "().__class__.__bases__[0].__subclasses__()",
    "f\"{__import__('hostile').RAN.append('text')}\"",
    "'{0.__class__.__init__.__globals__}'.format(nn)",
    "@__import__('hostile').RAN.append\nclass A(nn.Module): pass",
    "class A(nn.Module, metaclass=__import__('hostile').RAN.append): pass",
    "def f(x=__import__('hostile').RAN.append('default')):\n    return x\nf()",
    "class A:\n    __import__('hostile').RAN.append('body')",
    "getattr(nn, 'Conv2d')(3, 8, 3)",
    "globals()['RAN'].append(1)",
    "setattr(nn, 'Conv2d', print)",
    "nn.Conv2d = __import__('hostile').RAN.append\nnn.Conv2d(3)",
    "x.__class__.__init__.__globals__",
    "self.__dict__.update(a=nn.Conv2d(3, 8, 3))",
    "open('/etc/passwd').read()",
    "while True: pass",
    "a := nn.Conv2d(3, 8, 3)",
    "async def f(): await nn.Conv2d(3, 8, 3)",
    "yield nn.Conv2d(3, 8, 3)",
    "match nn:\n    case _: nn.Conv2d(3, 8, 3)",
    "del nn; raise SystemExit",
    "import os; os.system('true')",
    "type('A', (nn.Module,), {})()",
    "{**nn.__dict__}",
    "nn.Conv2d(*[3, 8, 3], **{'bias': __import__('hostile').RAN.append(1)})",
    "assert __import__('hostile').RAN.append('assert')",
    "with __import__('hostile').RAN.append('with') as f: nn.ReLU()",
    "try:\n    1 / 0\nexcept Exception:\n    __import__('hostile').RAN.append('except')",
    "x[__import__('hostile').RAN.append('index')]",
    "'a' % __import__('hostile').RAN",
    "print(__import__('hostile').RAN.append('print'))",
]

LARGE = [
    "x" * 1_000_001,
    "nn.Conv2d(3, 8, 3)\n" * 60_000,
    "nn.ReLU()\n" * 9_000,
    "a = 1\n" * 16_000,
    "(" * 99_000,
    "[" * 99_000,
    "nn.Sequential(" * 7_000,
    "{" * 40 + "}" * 40,
    "(\n" * 40_000,
    "-" * 99_000 + "1",
    "not " * 20_000 + "x",
    "~" * 90_000 + "1",
    "2" + "**2" * 30_000,
    "1" + "+1" * 45_000,
    "x" + ".a" * 45_000,
    "x" + "()" * 45_000,
    "x" + "[0]" * 30_000,
    "lambda: " * 12_000 + "1",
    "1 if x else " * 8_000 + "1",
    "if x:\n" + "elif x:\n" * 12_000,
    "".join(" " * n + "if True:\n" for n in range(400)),
    "9" * 90_000,
    "nn.Conv2d(" + "9" * 5_000 + ", 8, 3)",
    "nn.Conv2d(10**10**10, 8, 3)",
    "nn.Conv2d(9**9**9, 8, 3)",
    "nn.Conv2d(2**40000, 8, 3)",
    "nn.Conv2d(1e308 * 1e308, 8, 3)",
    "nn.Conv2d(1e999, 8, 3)",
    "nn.Conv2d(-1, 8, 3)",
    "nn.Conv2d(1 / 0, 8, 3)",
    "nn.Conv2d(1 % 0, 8, 3)",
    "nn.Conv2d((-8) ** 0.5, 8, 3)",
    "nn.Conv2d(3, 8, 3j)",
    "nn.Conv2d(0xffffffffffffffffffffff, 8, 3)",
    "nn.Conv2d(999999999999, 999999999999, 999999999)",
    "nn.Conv2d(3, 8, 3, padding=999999999999)",
    "nn.Upsample(scale_factor=999999999999)",
    "nn.AdaptiveAvgPool2d(999999999999)",
    "nn.PixelShuffle(999999)",
    "nn.Linear(999999999999, 999999999999)",
    "nn.Sequential(*[nn.ReLU()] * 1000000000)",
    "a = [nn.ReLU()] * 400\nb = [a] * 400\nc = [b] * 400\nnn.Sequential(*c)",
    "a = [1]\n" + "a = [a] * 400\n" * 30 + "nn.Conv2d(a, 8, 3)",
    "a = nn.Dropout()\n" + "a = nn.Sequential(a, a)\n" * 60,
    "a = nn.ReLU()\n" + "a = nn.Sequential(a)\n" * 3_000,
    "a = ()\n" + "a = (a,)\n" * 3_000 + "nn.Sequential(a)",
    "def f(x): return f(x)\nf(x)",
    "def f(x): return g(x)\ndef g(x): return f(x) + f(x)\nf(x)",
    "class A(nn.Module):\n    def __init__(self): self.a = A()\nA()",
    "class A(nn.Module):\n    def forward(self, x): return self(x)\nA()",
    "".join(f"def f{n}(x): return f{n + 1}(f{n + 1}(x))\n" for n in range(40)) + "f0(x)",
    "a" * 90_000 + "()",
    "nn." + "Convolution" * 5_000 + "(3)",
    "nn.Conv2d(3, 8, " + "kernel" * 9_000 + "=3)",
    "nn.Conv2d('" + "a" * 90_000 + "', 8, 3)",
    "'''" * 30_000,
    "\"'" * 40_000,
    "\\" * 90_000,
    "\\\n" * 40_000,
    "#" * 99_000,
    "\x00" * 1_000,
    "\ud800" * 1_000,
    "名" * 30_000,
    "nn.Conv2d(3, 8, 3)\x00",
    "nn.Conv2d(3, 8, 3\ud800)",
    "\u202enn.Conv2d(3, 8, 3)",
    "１２３ + nn",
    "\t \t x\n  \t y",
    "\r\r\rnn.ReLU()\r",
    "(0): " * 9_000,
    "  (0): 400 x ReLU()\n" * 4_000,
    "  (0): Sequential(\n" * 5_000,
    "Net(\n" + "  (0-399): 400 x Sequential(\n" * 10 + "  (0): ReLU()\n",
    "  (0): Conv2d(" + "(" * 60 + "\n",
]


def mutated(count: int, texts: list[str], seed: int = 0) -> list[str]:
    """Texts in which some tokens are lost, doubled or replaced."""
    draw = random.Random(seed)
    pieces = [*"()[]{}*=.,:@\\'\"\n", "**", "lambda", "for x in y", "1e400", "-1", "None", "x[0]", "self", "\n    "]
    pieces += ["def f(x):", "class A(nn.Module):", "else:", "return", "nn.Conv2d", "layers.Dense", "(0): ", "é", "\x00"]
    found = []
    for _ in range(count):
        parts = draw.choice(texts).replace("(", " ( ").split(" ")
        for _ in range(draw.randint(1, 8)):
            parts.insert(draw.randrange(len(parts) + 1), draw.choice(pieces))
            del parts[draw.randrange(len(parts))]
        found.append(" ".join(parts))
    return found
