package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;

class ModelFileRoundTripTest {
  @Property(tries = 200)
  void anyModelReadsBackEqual(
      @ForAll @Size(max = 8) @UniqueElements List<String> names,
      @ForAll @Size(max = 9) List<String> vocabulary,
      @ForAll @Size(max = 4) Map<String, String> options,
      @ForAll float epsilon,
      @ForAll @IntRange(min = -3, max = 9) int paddingId,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    ParameterStore parameters = new ParameterStore();
    for (String name : names) {
      int[] shape = random.ints(random.nextInt(4), 0, 6).toArray();
      if (!name.equals("__metadata__") && !parameters.contains(name)) {
        parameters.put(name, SampleModels.randomTensor(random, shape));
      }
    }
    EncoderConfig config =
        EncoderConfig.ernie(9, 6, 2, 3, 5, 7).toBuilder()
            .tokenTypes(2)
            .taskTypes(1)
            .layerNormEpsilon(Math.abs(epsilon))
            .paddingId(paddingId)
            .zeroPaddingEmbedding(random.nextBoolean())
            .build();
    Map<String, List<String>> labels = new LinkedHashMap<>();
    options.forEach((key, value) -> labels.put(key + "!", List.of(value, key)));
    Model model = new Model(config, "任务 t", parameters, vocabulary, labels, options, options);
    Path path = Files.createTempFile("ernie4j", ".safetensors");
    try {
      boolean valid = isUnicode(String.join("", names) + vocabulary + options);
      if (valid) {
        ModelFile.write(path, model);
        SampleModels.assertSame(ModelFile.read(path), model);
      } else {
        assertThatIllegalArgumentException().isThrownBy(() -> ModelFile.write(path, model));
        assertThat(path).isEmptyFile();
      }
    } finally {
      Files.delete(path);
    }
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
