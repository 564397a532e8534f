package ernie4j.machinecode.aarch64;

import static ernie4j.machinecode.aarch64.Address.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.machinecode.assembler.Disassembler;
import ernie4j.machinecode.assembler.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Assembles every form with many operands and compares it with the output of objdump. */
class AssemblerTest {
  private static final List<Integer> LANES = List.of(0, 1, 2, 3);

  private final Assembler code = new Assembler();
  private final List<String> expected = new ArrayList<>();

  @Test
  void generalRegisters() {
    for (Gpr x : general()) {
      for (Gpr y : general()) {
        Gpr z = Gpr.X21;
        form(c -> c.mov(x, y), "mov %s, %s", x, y);
        form(c -> c.add(x, y, z), "add %s, %s, %s", x, y, z);
        form(c -> c.add(z, x, y), "add %s, %s, %s", z, x, y);
        form(c -> c.cmp(x, y), "cmp %s, %s", x, y);
        form(c -> c.madd(x, y, z, Gpr.X5), "madd %s, %s, %s, x5", x, y, z);
        form(c -> c.madd(z, Gpr.X6, x, y), "madd %s, x6, %s, %s", z, x, y);
        form(c -> c.bic(x, y, z), "bic %s, %s, %s", x, y, z);
        form(c -> c.lsl(x, z, y), "lsl %s, %s, %s", x, z, y);
        form(c -> c.add(x, y, 4095), "add %s, %s, #0xfff", x, y);
        form(c -> c.sub(x, y, 16), "sub %s, %s, #0x10", x, y);
        form(c -> c.adds(x, y, 4), "adds %s, %s, #0x4", x, y);
        form(c -> c.subs(x, y, 1), "subs %s, %s, #0x1", x, y);
        form(c -> c.ubfx(x, y, 16, 4), "ubfx %s, %s, #16, #4", x, y);
      }
      form(c -> c.add(x, Gpr.SP, 128), "add %s, sp, #0x80", x);
      form(c -> c.mrsCtr(x), "mrs %s, ctr_el0", x);
      form(c -> c.dcCvau(x), "dc cvau, %s", x);
      form(c -> c.icIvau(x), "ic ivau, %s", x);
    }
    form(c -> c.add(Gpr.SP, Gpr.SP, 128), "add sp, sp, #0x80");
    form(c -> c.sub(Gpr.SP, Gpr.SP, 128), "sub sp, sp, #0x80");
    form(Assembler::ret, "ret");
    form(Assembler::dsbIsh, "dsb ish");
    form(Assembler::isb, "isb");
    compare();
  }

  @Test
  void numbers() {
    form(c -> c.mov(Gpr.X7, 0), "mov x7, #0x0");
    form(c -> c.mov(Gpr.X8, 0xFFFF), "mov x8, #0xffff");
    form(c -> c.mov(Gpr.X9, 0x7F800000), "mov x9, #0x0");
    expected.add("movk x9, #0x7f80, lsl #16");
    form(c -> c.mov(Gpr.X30, 0x123456789ABCDEF0L), "mov x30, #0xdef0");
    expected.add("movk x30, #0x9abc, lsl #16");
    expected.add("movk x30, #0x5678, lsl #32");
    expected.add("movk x30, #0x1234, lsl #48");
    form(c -> c.mov(Gpr.X1, 0x0000_7FFF_0000_0010L), "mov x1, #0x10");
    expected.add("movk x1, #0x7fff, lsl #32");
    compare();
  }

  @Test
  void memory() {
    for (Gpr base : List.of(Gpr.X0, Gpr.X17, Gpr.X30, Gpr.SP)) {
      for (Vector v : vectors()) {
        for (int offset : new int[] {0, 16, 256, 65520}) {
          String q = place(base, offset);
          form(c -> c.ldrQ(v, at(base, offset)), "ldr q%d, %s", v.number(), q);
          form(c -> c.strQ(v, at(base, offset)), "str q%d, %s", v.number(), q);
          String d = place(base, offset / 2);
          form(c -> c.ldrD(v, at(base, offset / 2)), "ldr d%d, %s", v.number(), d);
          form(c -> c.strD(v, at(base, offset / 2)), "str d%d, %s", v.number(), d);
          String s = place(base, offset / 4);
          form(c -> c.ldrS(v, at(base, offset / 4)), "ldr s%d, %s", v.number(), s);
          form(c -> c.strS(v, at(base, offset / 4)), "str s%d, %s", v.number(), s);
        }
        for (int offset : new int[] {-256, -4, 1, 255}) {
          String place = place(base, offset);
          form(c -> c.ldrQ(v, at(base, offset)), "ldur q%d, %s", v.number(), place);
          form(c -> c.strQ(v, at(base, offset)), "stur q%d, %s", v.number(), place);
          form(c -> c.ldrD(v, at(base, offset)), "ldur d%d, %s", v.number(), place);
          form(c -> c.strS(v, at(base, offset)), "stur s%d, %s", v.number(), place);
        }
        int n = v.number();
        form(c -> c.ldrQPost(v, base, 16), "ldr q%d, [%s], #16", n, base);
        form(c -> c.ldrDPost(v, base, 8), "ldr d%d, [%s], #8", n, base);
        form(c -> c.ldrSPost(v, base, -256), "ldr s%d, [%s], #-256", n, base);
        form(c -> c.strSPost(v, base, 255), "str s%d, [%s], #255", n, base);
        for (int lane : LANES) {
          form(c -> c.ld1S(v, lane, base), "ld1 {v%d.s}[%d], [%s]", n, lane, base);
          form(c -> c.st1S(v, lane, base), "st1 {v%d.s}[%d], [%s]", n, lane, base);
        }
      }
      form(c -> c.ldr(Gpr.X9, at(base, 8)), "ldr x9, %s", place(base, 8));
      for (int offset : new int[] {-512, 0, 16, 504}) {
        String place = place(base, offset);
        form(c -> c.ldp(Gpr.X19, Gpr.X28, at(base, offset)), "ldp x19, x28, %s", place);
        form(c -> c.stp(Gpr.X19, Gpr.X28, at(base, offset)), "stp x19, x28, %s", place);
        Vector v8 = new Vector(8);
        Vector v15 = new Vector(15);
        form(c -> c.ldpD(v8, v15, at(base, offset)), "ldp d8, d15, %s", place);
        form(c -> c.stpD(v8, v15, at(base, offset)), "stp d8, d15, %s", place);
      }
    }
    compare();
  }

  /** Forms of three registers. */
  private interface Three {
    void append(Assembler code, Vector to, Vector left, Vector right);
  }

  private void three(String name, String target, String source, Three form) {
    for (Vector x : vectors()) {
      for (Vector y : vectors()) {
        Vector z = new Vector(3);
        form(c -> form.append(c, x, y, z), text(name, target, source), x, y, z);
        form(c -> form.append(c, z, x, y), text(name, target, source), z, x, y);
      }
    }
  }

  private static String text(String name, String target, String source) {
    return "%s %%s.%s, %%s.%s, %%s.%s".formatted(name, target, source, source);
  }

  @Test
  void threeRegisters() {
    three("fmul", "4s", "4s", Assembler::fmul);
    three("fdiv", "4s", "4s", Assembler::fdiv);
    three("fmax", "4s", "4s", Assembler::fmax);
    three("fmin", "4s", "4s", Assembler::fmin);
    three("fmla", "4s", "4s", Assembler::fmla);
    three("smax", "4s", "4s", Assembler::smax);
    three("smmla", "4s", "16b", Assembler::smmla);
    three("zip1", "2d", "2d", Assembler::zip1D);
    three("zip2", "2d", "2d", Assembler::zip2D);
    compare();
  }

  @Test
  void byElement() {
    for (Vector x : vectors()) {
      for (Vector y : vectors()) {
        for (int lane : LANES) {
          Vector z = new Vector(17);
          form(c -> c.fmul(x, z, y, lane), "fmul %s.4s, %s.4s, %s.s[%s]", x, z, y, lane);
          form(c -> c.fmla(z, x, y, lane), "fmla %s.4s, %s.4s, %s.s[%s]", z, x, y, lane);
          form(c -> c.sdot(x, z, y, lane), "sdot %s.4s, %s.16b, %s.4b[%s]", x, z, y, lane);
          form(c -> c.dup(x, y, lane), "dup %s.4s, %s.s[%s]", x, y, lane);
        }
      }
    }
    compare();
  }

  private void two(String format, BiConsumer<Vector, Vector> form) {
    for (Vector x : vectors()) {
      for (Vector y : vectors()) {
        expected.add(format.formatted(x.number(), y.number()));
        form.accept(x, y);
      }
    }
  }

  @Test
  void twoRegisters() {
    two("mov v%d.16b, v%d.16b", code::mov);
    two("fabs v%d.4s, v%d.4s", code::fabs);
    two("scvtf v%d.4s, v%d.4s", code::scvtf);
    two("fcvtns v%d.4s, v%d.4s", code::fcvtns);
    two("smaxv s%d, v%d.4s", code::smaxv);
    two("sqxtn v%d.4h, v%d.4s", code::sqxtnS);
    two("sqxtn v%d.8b, v%d.8h", code::sqxtnH);
    for (Vector v : vectors()) {
      form(c -> c.zero(v), "movi %s.4s, #0x0", v);
      form(c -> c.dup(v, Gpr.X9), "dup %s.4s, w9", v);
      form(c -> c.fmovS(Gpr.X10, v), "fmov w10, s%d", v.number());
    }
    compare();
  }

  @Test
  void jumps() {
    Label back = new Label();
    Label ahead = new Label();
    code.bind(back);
    code.b(ahead);
    for (Condition condition : Condition.values()) {
      code.b(condition, back);
    }
    code.cbz(Gpr.X30, ahead);
    code.tbz(Gpr.X3, 1, back);
    code.tbz(Gpr.X4, 33, ahead);
    code.b(back);
    code.b(Condition.EQUAL, ahead);
    code.bind(ahead);
    code.ret();
    assertThat(Disassembler.AARCH64.instructions(code.code()))
        .containsExactly(
            "b 0x30",
            "b.eq 0x0",
            "b.ne 0x0",
            "b.cs 0x0",
            "b.cc 0x0",
            "b.ge 0x0",
            "b.lt 0x0",
            "cbz x30, 0x30",
            "tbz w3, #1, 0x0",
            "tbz x4, #33, 0x30",
            "b 0x0",
            "b.eq 0x30",
            "ret");
  }

  @Test
  void alignmentPadsWithNops() {
    code.ret();
    code.align(16);
    assertThat(code.size()).isEqualTo(16);
    assertThat(Disassembler.AARCH64.instructions(code.code()))
        .containsExactly("ret", "nop", "nop", "nop");
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    Vector v = new Vector(0);
    for (Runnable wrong :
        new Runnable[] {
          () -> new Vector(32),
          () -> new Vector(-1),
          () -> code.add(Gpr.X0, Gpr.X0, 4096),
          () -> code.sub(Gpr.X0, Gpr.X0, -1),
          () -> code.add(Gpr.X0, Gpr.SP, Gpr.X1),
          () -> code.mov(Gpr.SP, Gpr.X0),
          () -> code.subs(Gpr.SP, Gpr.SP, 1),
          () -> code.ldrQ(v, at(Gpr.X0, 65536)),
          () -> code.ldrQ(v, at(Gpr.X0, -257)),
          () -> code.ldrQPost(v, Gpr.X0, 256),
          () -> code.ldp(Gpr.X0, Gpr.X1, at(Gpr.X2, 512)),
          () -> code.ldp(Gpr.X0, Gpr.X1, at(Gpr.X2, 4)),
          () -> code.fmla(v, v, v, 4),
          () -> code.ld1S(v, -1, Gpr.X0),
          () -> code.ubfx(Gpr.X0, Gpr.X0, 60, 5),
          () -> code.tbz(Gpr.X0, 64, new Label())
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** The jump of a bit test reaches 32 KB. */
  @Test
  void refusesJumpsThatAreTooFar() {
    Label far = new Label();
    code.tbz(Gpr.X0, 0, far);
    code.align(32768);
    code.bind(new Label());
    assertThatThrownBy(() -> code.bind(far)).hasMessageContaining("distance");
  }

  private void form(Consumer<Assembler> form, String text, Object... operands) {
    form.accept(code);
    Object[] names = new Object[operands.length];
    for (int i = 0; i < names.length; i++) {
      names[i] =
          operands[i] instanceof Gpr gpr
              ? gpr.name().toLowerCase(Locale.ROOT)
              : operands[i] instanceof Vector vector ? "v" + vector.number() : operands[i];
    }
    expected.add(text.formatted(names));
  }

  private void compare() {
    assertThat(Disassembler.AARCH64.instructions(code.code())).containsExactlyElementsOf(expected);
  }

  private static String place(Gpr base, int offset) {
    String name = base.name().toLowerCase(Locale.ROOT);
    return offset == 0 ? "[" + name + "]" : "[%s, #%d]".formatted(name, offset);
  }

  private static List<Vector> vectors() {
    return List.of(new Vector(0), new Vector(7), new Vector(16), new Vector(31));
  }

  private static List<Gpr> general() {
    return List.of(Gpr.X0, Gpr.X1, Gpr.X15, Gpr.X16, Gpr.X30);
  }
}
