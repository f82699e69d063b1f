//! Who is small: size
