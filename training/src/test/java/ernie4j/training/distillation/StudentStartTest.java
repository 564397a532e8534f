package ernie4j.training.distillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.training.model.RandomParameters;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StudentStartTest {
  /** Rows in a plane: two directions hold all of the variance. */
  private static Tensor plane(int rows, int width) {
    Random random = new Random(4);
    Tensor basis = new RandomParameters(9).normal(1, 2, width);
    Tensor table = Tensor.zeros(rows, width);
    for (int i = 0; i < rows; i++) {
      double x = 3 * random.nextGaussian();
      double y = random.nextGaussian();
      for (int j = 0; j < width; j++) {
        table.data()[i * width + j] = (float) (5 + x * basis.get(j) + y * basis.get(width + j));
      }
    }
    return table;
  }

  private static double distance(Tensor table, int a, int b) {
    int width = table.dimension(1);
    double sum = 0;
    for (int j = 0; j < width; j++) {
      double d = table.get(a * width + j) - table.get(b * width + j);
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  @Test
  void axesKeepTheDistancesOfRowsInAPlaneAndTheFirstHasTheLargestSpread() {
    Tensor table = plane(60, 11);
    Tensor projected = PrincipalAxes.of(table, 2).project(table);
    double first = 0;
    double second = 0;
    double product = 0;
    double sum = 0;
    for (int i = 0; i < 60; i++) {
      double x = projected.get(2 * i);
      double y = projected.get(2 * i + 1);
      first += x * x;
      second += y * y;
      product += x * y;
      sum += x;
      assertThat(distance(projected, i, 0)).isCloseTo(distance(table, i, 0), within(1e-4));
    }
    assertThat(first).isGreaterThan(second);
    assertThat(product).isCloseTo(0, within(1e-3 * second));
    assertThat(sum).isCloseTo(0, within(1e-3));
  }

  private static Model teacher() {
    EncoderConfig config = EncoderConfig.ernie(60, 16, 2, 2, 32, 20);
    ParameterStore store = RandomParameters.encoder(config, 1);
    store.replace(ParameterNames.WORD_EMBEDDINGS, plane(60, 16));
    return Model.encoder(config, store);
  }

  @Test
  void studentHasTheEmbeddingsOfItsTeacherAndItsOwnShape() {
    Model teacher = teacher();
    Model student = StudentStart.of(teacher, EncoderConfig.ernie(1, 6, 3, 2, 10, 1), 5);
    assertThat(student.config()).isEqualTo(EncoderConfig.ernie(60, 6, 3, 2, 10, 20));
    assertThat(student.task()).isEqualTo("encoder");
    assertThat(student.parameters().contains(ParameterNames.POOLER + ".weight")).isFalse();
    Tensor words = student.parameters().get(ParameterNames.WORD_EMBEDDINGS);
    Tensor original = teacher.parameters().get(ParameterNames.WORD_EMBEDDINGS);
    double factor = distance(words, 1, 2) / distance(original, 1, 2);
    assertThat(distance(words, 7, 30)).isCloseTo(factor * distance(original, 7, 30), within(1e-3));
    assertThat(student.parameters().get(ParameterNames.POSITION_EMBEDDINGS).shape())
        .containsExactly(20, 6);
  }

  @Test
  void aStudentWiderThanItsTeacherIsRefused() {
    assertThatThrownBy(() -> StudentStart.of(teacher(), EncoderConfig.ernie(1, 18, 1, 2, 10, 1), 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not wider than its teacher's 16, got 18");
  }
}
