package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ArmProcessorTest {
  @Test
  void formsFollowFromTheCapabilityBits() {
    assertThat(ArmProcessor.of(0, 0).forms()).isEmpty();
    assertThat(ArmProcessor.of(~(1L << 20), ~(1L << 13)).forms()).isEmpty();
    assertThat(ArmProcessor.of(1L << 20, 0).forms()).containsExactly(Int8Form.NEON_DOT);
    assertThat(ArmProcessor.of(1L << 20, 1L << 13).forms())
        .containsExactly(Int8Form.NEON_DOT, Int8Form.NEON_I8MM);
    assertThat(ArmProcessor.of(1L << 20, 1L << 13).bestForm()).isEqualTo(Int8Form.NEON_I8MM);
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = "aarch64",
      disabledReason = "asks Linux on AArch64")
  void detectionAgreesWithProcCpuinfo() throws Exception {
    List<String> features =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("Features"))
            .findFirst()
            .map(line -> List.of(line.split("[ \t]+")))
            .orElse(List.of());
    assumeTrue(!features.isEmpty(), "/proc/cpuinfo is not that of an AArch64 processor");
    assertThat(ArmProcessor.detect(Machine.SYSTEM))
        .isEqualTo(new ArmProcessor(features.contains("asimddp"), features.contains("i8mm")));
  }
}
