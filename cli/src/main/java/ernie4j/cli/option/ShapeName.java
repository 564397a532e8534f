package ernie4j.cli.option;

import ernie4j.zoo.Architectures;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of an encoder shape; an unknown one is wrong usage. */
public final class ShapeName implements ITypeConverter<String> {
  @Override
  public String convert(String name) {
    try {
      Architectures.of(name);
      return name;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
