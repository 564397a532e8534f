package ernie4j.zoo.paddle;

import ernie4j.zoo.conversion.ElementType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of VarType.Type in Paddle's framework.proto that tensors and programs use. */
final class PaddleType {
  static final int BOOL = 0;
  static final int INT64 = 3;
  static final int FLOAT32 = 5;

  static final int LOD_TENSOR = 7;
  static final int FEED_MINIBATCH = 9;
  static final int FETCH_LIST = 10;

  private static final Map<Integer, ElementType> ELEMENTS =
      Map.of(
          BOOL,
          ElementType.BOOL,
          1,
          ElementType.INT16,
          2,
          ElementType.INT32,
          INT64,
          ElementType.INT64,
          4,
          ElementType.FLOAT16,
          FLOAT32,
          ElementType.FLOAT32,
          6,
          ElementType.FLOAT64,
          20,
          ElementType.UINT8,
          21,
          ElementType.INT8,
          22,
          ElementType.BFLOAT16);

  private PaddleType() {}

  /** The element type of a number; null if no tensor can have it. */
  static @Nullable ElementType element(int number) {
    return ELEMENTS.get(number);
  }
}
