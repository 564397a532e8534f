package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.machinecode.x86.Disassembler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What objdump reads in every function: only instructions that are meant, and nothing else. */
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
          "vcvtps2dq");

  /** What AVX2 and FMA know. */
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

  /** What AVX2, FMA and AVX-VNNI know; objdump says that the short coding is meant. */
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

  /** What AVX-512 F, VNNI and BF16 know. */
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

  @ParameterizedTest
  @EnumSource(Int8Form.class)
  void everyFunctionIsWhatItShouldBe(Int8Form form) {
    Blocking blocking = Blocking.of(form.bits());
    Set<String> allowed = new HashSet<>(GENERAL);
    allowed.addAll(FLOATS);
    allowed.addAll(
        switch (form) {
          case AVX2 -> AVX2;
          case AVX_VNNI -> AVX_VNNI;
          case AVX512_VNNI -> AVX512;
        });
    Set<String> found = new TreeSet<>();
    for (int number = 0; number < Variant.count(blocking); number++) {
      Variant variant = Variant.of(number, blocking);
      assertThat(variant.index(blocking)).isEqualTo(number);
      check(new FloatProductCode(blocking, variant, 1L << 40).assemble(), form, found);
      if (form.bits() == 512) {
        check(new Bfloat16ProductCode(blocking, variant, 1L << 40).assemble(), form, found);
      }
      if (variant.start() == Variant.Start.BIAS) {
        check(new Int8ProductCode(form, blocking, variant, 1L << 40).assemble(), form, found);
      }
    }
    for (boolean ownScale : new boolean[] {false, true}) {
      for (boolean partial : new boolean[] {false, true}) {
        check(new QuantizeCode(form, ownScale, partial, 1L << 40).assemble(), form, found);
      }
    }
    if (form.bits() == 512) {
      check(new Bfloat16RoundCode(false).assemble(), form, found);
      check(new Bfloat16RoundCode(true).assemble(), form, found);
    }
    for (int headSize : new int[] {1, 26, 32, 64, 100}) {
      check(new ScaleCode(form.bits(), headSize, 1L << 40).assemble(), form, found);
      check(new AttentionCode(form.bits(), headSize, 1L << 40).assemble(), form, found);
    }
    assertThat(found).isSubsetOf(allowed);
  }

  private static void check(byte[] code, Int8Form form, Set<String> found) {
    List<String> instructions = Disassembler.instructions(code);
    assertThat(instructions).noneMatch(line -> line.contains("bad"));
    assertThat(instructions.getLast()).isEqualTo("ret");
    assertThat(instructions).filteredOn("ret"::equals).hasSize(1);
    assertThat(code).hasSizeLessThan(8192);
    if (form.bits() == 256) {
      assertThat(instructions).noneMatch(line -> line.contains("zmm") || line.contains("{k"));
    }
    instructions.forEach(
        line -> found.add(line.indexOf(' ') < 0 ? line : line.substring(0, line.indexOf(' '))));
  }
}
