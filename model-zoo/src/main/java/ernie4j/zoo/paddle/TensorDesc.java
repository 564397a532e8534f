package ernie4j.zoo.paddle;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.ProtoMessage;
import ernie4j.zoo.protobuf.WireReader;
import java.util.ArrayList;
import java.util.List;

/**
 * VarType.TensorDesc of Paddle's framework.proto.
 *
 * @param type a number of {@link PaddleType}
 * @param dimensions the shape; -1 in a program for one that is only known when it runs
 */
record TensorDesc(int type, List<Long> dimensions) {
  private static final int MAX_RANK = 16;

  static TensorDesc read(WireReader in) throws ModelFileException {
    int type = -1;
    List<Long> dimensions = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> type = (int) in.varint();
        case 2 -> {
          if (in.wireType() == WireReader.VARINT) {
            dimensions.add(in.varint());
          } else {
            for (WireReader packed = in.message(); packed.remaining() > 0; ) {
              dimensions.add(packed.rawVarint());
            }
          }
        }
        default -> in.skip();
      }
      if (dimensions.size() > MAX_RANK) {
        throw in.failure("a tensor of more than %d dimensions".formatted(MAX_RANK));
      }
    }
    return new TensorDesc(type, dimensions);
  }

  ProtoMessage message() {
    ProtoMessage message = new ProtoMessage();
    message.integer(1, type);
    dimensions.forEach(dimension -> message.integer(2, dimension));
    return message;
  }

  /** Whether a tensor of that description can be the value of a variable of this one. */
  boolean fits(TensorDesc actual) {
    if (type != actual.type || dimensions.size() != actual.dimensions.size()) {
      return false;
    }
    for (int i = 0; i < dimensions.size(); i++) {
      long expected = dimensions.get(i);
      if (expected >= 0 && expected != actual.dimensions.get(i)) {
        return false;
      }
    }
    return true;
  }
}
