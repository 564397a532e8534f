package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class X86ProcessorTest {
  private static final long BASIC = 1L << 12 | 1L << 27 | 1L << 28; // FMA, OSXSAVE, AVX

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "needs CPUID")
  void detectionAgreesWithProcCpuinfo() throws Exception {
    List<String> flags =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> List.of(line.split(" ")))
            .orElseThrow();
    X86Processor processor = X86Processor.detect(Machine.MEMORY);

    assertThat(processor.avx2()).isEqualTo(flags.contains("avx2") && flags.contains("fma"));
    assertThat(processor.avx512Vnni())
        .isEqualTo(flags.contains("avx512f") && flags.contains("avx512_vnni"));
    assertThat(processor.avxVnni()).isEqualTo(flags.contains("avx_vnni"));
    assertThat(processor.avx512Bfloat16())
        .isEqualTo(flags.contains("avx512f") && flags.contains("avx512_bf16"));
  }

  @Test
  void featuresFollowFromTheBitsOfCpuid() {
    assertThat(processor(7, BASIC, 0xE7, 1L << 5 | 1L << 16, 1L << 11))
        .isEqualTo(new X86Processor(true, true, false, false));
    assertThat(processor(7, BASIC, 0xE7, 1L << 5, 1L << 11))
        .isEqualTo(new X86Processor(true, false, false, false));
    assertThat(processor(7, BASIC, 0xE7, 1L << 5 | 1L << 16, 0))
        .isEqualTo(new X86Processor(true, false, false, false));
    assertThat(processor(7, BASIC, 0xE7, 0, 0))
        .isEqualTo(new X86Processor(false, false, false, false));
    assertThat(processor(7, BASIC & ~(1L << 12), 0xE7, 1L << 5, 0))
        .isEqualTo(new X86Processor(false, false, false, false));
  }

  @Test
  void ignoresRegistersThatTheSystemDoesNotSave() {
    long wide = 1L << 5 | 1L << 16;
    assertThat(processor(7, BASIC, 0x07, wide, 1L << 11))
        .isEqualTo(new X86Processor(true, false, false, false));
    assertThat(processor(7, BASIC, 0x67, wide, 1L << 11))
        .isEqualTo(new X86Processor(true, false, false, false));
    assertThat(processor(7, BASIC, 0x03, wide, 1L << 11))
        .isEqualTo(new X86Processor(false, false, false, false));
    assertThat(processor(7, BASIC & ~(1L << 27), 0xE7, wide, 1L << 11))
        .isEqualTo(new X86Processor(false, false, false, false));
  }

  @Test
  void readsAvxVnniAndBfloat16FromTheirSubleaf() {
    X86Processor.Answers answers = answers(7, BASIC, 0x07, 1, 1L << 5, 0);
    assertThat(X86Processor.of(answers)).isEqualTo(new X86Processor(true, false, true, false));
    assertThat(X86Processor.of(answers(7, BASIC, 0x07, 0, 1L << 5, 0)))
        .isEqualTo(new X86Processor(true, false, false, false));
    assertThat(X86Processor.of(answers(7, BASIC, 0xE7, 1, 1L << 5 | 1L << 16, 0)))
        .isEqualTo(new X86Processor(true, false, true, true));
  }

  @Test
  void theFastestFormIsChosen() {
    assertThat(new X86Processor(true, true, true, false).bestForm())
        .isEqualTo(Int8Form.AVX512_VNNI);
    assertThat(new X86Processor(true, false, true, false).bestForm()).isEqualTo(Int8Form.AVX_VNNI);
    assertThat(new X86Processor(true, false, false, false).bestForm()).isEqualTo(Int8Form.AVX2);
  }

  @Test
  void noFeaturesWithoutLeafSeven() {
    assertThat(processor(6, BASIC, 0xE7, -1, -1))
        .isEqualTo(new X86Processor(false, false, false, false));
  }

  private static X86Processor processor(long highest, long basic, long saved, long ebx, long ecx) {
    return X86Processor.of(answers(highest, basic, saved, 0, ebx, ecx));
  }

  /** Leaf 7 has a second subleaf, with AVX-VNNI and BF16, if {@code parts} is 1. */
  private static X86Processor.Answers answers(
      long highest, long basic, long saved, long parts, long ebx, long ecx) {
    return new X86Processor.Answers() {
      @Override
      public long[] leaf(int number, int part) {
        return switch (number) {
          case 0 -> new long[] {highest, 0, 0, 0};
          case 1 -> new long[] {0, 0, basic, 0};
          case 7 -> part == 0 ? new long[] {parts, ebx, ecx, 0} : new long[] {3L << 4, 0, 0, 0};
          default -> throw new AssertionError("leaf " + number);
        };
      }

      @Override
      public long savedState() {
        return saved;
      }
    };
  }
}
