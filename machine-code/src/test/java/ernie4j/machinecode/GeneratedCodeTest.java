package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.machinecode.assembler.Disassembler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function, as disassembled by objdump, has only the intended instructions. */
class GeneratedCodeTest {
  private static final Set<String> GENERAL =
      Set.of(
          "push",
          "pop",
          "ret",
          "mov",
          "movabs",
          "lea",
          "add",
          "sub",
          "cmp",
          "dec",
          "imul",
          "and",
          "jne",
          "je",
          "jb",
          "jl",
          "jmp",
          "nop",
          "vzeroupper",
          "vmovd");

  private static final Set<String> FLOATS =
      Set.of(
          "vmovups",
          "vmovaps",
          "vbroadcastss",
          "vmulps",
          "vdivps",
          "vmaxps",
          "vminps",
          "vaddps",
          "vsubps",
          "vpaddd",
          "vpslld",
          "vfmadd213ps",
          "vfmadd231ps",
          "vcvtdq2ps",
          "vcvtps2dq",
          "vcvtps2pd",
          "vcvtpd2ps",
          "vsqrtpd",
          "vdivpd");

  /** Instructions of AVX2 and FMA. */
  private static final Set<String> AVX2 =
      Set.of(
          "vmaskmovps",
          "vpxor",
          "vpand",
          "vpmaxsd",
          "vpmovsxbw",
          "vpmaddwd",
          "vpackssdw",
          "vextracti128",
          "vpshufd");

  /** Instructions of AVX2, FMA and AVX-VNNI; objdump marks the VEX encoding with {vex}. */
  private static final Set<String> AVX_VNNI =
      Set.of(
          "vmaskmovps",
          "vpxor",
          "vpand",
          "vpmaxsd",
          "{vex}",
          "vpackssdw",
          "vpackuswb",
          "vmovq",
          "vextracti128",
          "vpshufd");

  /** Instructions of AVX-512 F, VNNI and BF16. */
  private static final Set<String> AVX512 =
      Set.of(
          "kmovw",
          "vpxord",
          "vpandd",
          "vpmaxsd",
          "vpdpbusd",
          "vdpbf16ps",
          "vcvtneps2bf16",
          "vpmovdb",
          "vextracti64x4",
          "vextracti128",
          "vpshufd");

  /** Instructions of every AArch64 processor. */
  private static final Set<String> NEON =
      Set.of(
          "ret", "mov", "movk", "movi", "add", "adds", "sub", "subs", "cmp", "madd", "ldp", "stp",
          "ldr", "ldur", "str", "stur", "ld1", "st1", "b", "b.eq", "b.ne", "b.lt", "b.ge", "b.cc",
          "cbz", "tbz", "nop", "dup", "fmov", "fmul", "fmla", "fdiv", "fmax", "fmin", "fabs",
          "scvtf", "fcvtns", "smax", "smaxv", "sqxtn");

  @ParameterizedTest
  @EnumSource(names = {"AVX512_VNNI", "AVX_VNNI", "AVX2"})
  void x86FunctionsHaveOnlyIntendedInstructions(Int8Form form) {
    Generator generator = form.generator(new Constants.Table());
    Blocking blocking = generator.blocking();
    Set<String> allowed = new HashSet<>(GENERAL);
    allowed.addAll(FLOATS);
    allowed.addAll(
        switch (form) {
          case AVX2 -> AVX2;
          case AVX_VNNI -> AVX_VNNI;
          default -> AVX512;
        });
    Set<String> found = new TreeSet<>();
    for (int number = 0; number < Variant.count(blocking); number++) {
      Variant variant = Variant.of(number, blocking);
      assertThat(variant.index(blocking)).isEqualTo(number);
      check(generator.floatProduct(variant), form, found);
      if (form.bits() == 512) {
        check(new Bfloat16ProductCode(blocking, variant, 1L << 40).assemble(), form, found);
      }
      if (variant.start() == Variant.Start.BIAS) {
        check(generator.int8Product(variant), form, found);
      }
    }
    for (boolean ownScale : new boolean[] {false, true}) {
      for (boolean partial : new boolean[] {false, true}) {
        check(generator.quantization(ownScale, partial), form, found);
      }
    }
    if (form.bits() == 512) {
      check(new Bfloat16RoundCode(false).assemble(), form, found);
      check(new Bfloat16RoundCode(true).assemble(), form, found);
    }
    for (int headSize : new int[] {1, 26, 32, 64, 100}) {
      check(new ScaleCode(form.bits(), headSize, 1L << 40).assemble(), form, found);
      check(new AttentionCode(form.bits(), headSize, 1, 1L << 40).assemble(), form, found);
      check(new AttentionCode(form.bits(), headSize, 2, 1L << 40).assemble(), form, found);
    }
    for (int columns : new int[] {1, 15, 16, 312, 768, 1023}) {
      check(new LayerNormCode(form.bits(), columns, false, 1L << 40).assemble(), form, found);
      check(new LayerNormCode(form.bits(), columns, true, 1L << 40).assemble(), form, found);
    }
    assertThat(found).isSubsetOf(allowed);
  }

  private static void check(byte[] code, Int8Form form, Set<String> found) {
    List<String> instructions = Disassembler.X86.instructions(code);
    assertThat(instructions).noneMatch(line -> line.contains("bad"));
    assertThat(instructions.getLast()).isEqualTo("ret");
    assertThat(instructions).filteredOn("ret"::equals).hasSize(1);
    assertThat(code).hasSizeLessThan(8192);
    if (form.bits() == 256) {
      assertThat(instructions).noneMatch(line -> line.contains("zmm") || line.contains("{k"));
    }
    instructions.forEach(line -> found.add(mnemonic(line)));
  }

  private static String mnemonic(String line) {
    return line.indexOf(' ') < 0 ? line : line.substring(0, line.indexOf(' '));
  }

  @ParameterizedTest
  @EnumSource(names = {"NEON_DOT", "NEON_I8MM"})
  void armFunctionsHaveOnlyIntendedInstructions(Int8Form form) {
    Generator generator = form.generator(new Constants.Table());
    Set<String> found = new TreeSet<>();
    for (int number = 0; number < Variant.count(generator.blocking()); number++) {
      Variant variant = Variant.of(number, generator.blocking());
      checkArm(generator.floatProduct(variant), found);
      if (variant.start() == Variant.Start.BIAS) {
        checkArm(generator.int8Product(variant), found);
      }
    }
    for (boolean ownScale : new boolean[] {false, true}) {
      for (boolean partial : new boolean[] {false, true}) {
        checkArm(generator.quantization(ownScale, partial), found);
      }
    }
    Set<String> allowed = new HashSet<>(NEON);
    allowed.addAll(form == Int8Form.NEON_DOT ? Set.of("sdot") : Set.of("smmla", "zip1", "zip2"));
    assertThat(found).isSubsetOf(allowed);
  }

  private static void checkArm(byte[] code, Set<String> found) {
    List<String> instructions = Disassembler.AARCH64.instructions(code);
    assertThat(instructions).filteredOn("ret"::equals).hasSize(1);
    assertThat(instructions.getLast()).isEqualTo("ret");
    assertThat(code).hasSizeLessThan(8192);
    checkRestored(instructions);
    instructions.forEach(line -> found.add(mnemonic(line)));
  }

  /** Registers that belong to the caller are saved and restored, or not used at all. */
  private static void checkRestored(List<String> instructions) {
    Set<String> pairs = new TreeSet<>();
    for (int i = 19; i < 28; i += 2) {
      pairs.add("x" + i + ", x" + (i + 1));
    }
    for (int i = 8; i < 16; i += 2) {
      pairs.add("d" + i + ", d" + (i + 1));
    }
    assertThat(instructions).noneMatch(line -> line.matches(".*\\b[xw](18|29|30)\\b.*"));
    for (String pair : pairs) {
      List<String> pairMoves = instructions.stream().filter(line -> line.contains(pair)).toList();
      String numbers = pair.replaceAll("[xd](\\d+), [xd](\\d+)", "($1|$2)");
      String registers = (pair.startsWith("x") ? "[xw]" : "[vqds]") + numbers;
      boolean used = instructions.stream().anyMatch(line -> uses(line, registers));
      if (used) {
        assertThat(pairMoves).hasSize(2);
        assertThat(pairMoves.get(0)).startsWith("stp").endsWith(place(pairMoves.get(1)));
        assertThat(pairMoves.get(1)).startsWith("ldp");
        assertThat(instructions.getFirst()).isEqualTo("sub sp, sp, #0x80");
        assertThat(instructions.get(instructions.size() - 2)).isEqualTo("add sp, sp, #0x80");
      }
    }
    assertThat(instructions)
        .filteredOn(line -> line.matches("(add|sub) sp,.*"))
        .satisfies(moves -> assertThat(moves.size()).isIn(0, 2));
  }

  private static boolean uses(String line, String registers) {
    return !line.matches("(stp|ldp).*") && line.matches(".*\\b" + registers + "\\b.*");
  }

  private static String place(String move) {
    return move.substring(move.indexOf('['));
  }
}
