//! Tables that are published without telling what one provider reported.
//!
//! A figure that too few stand behind is left out, and as many others as it takes that nobody can compute it from the
//! rows, columns and totals that are shown. Rows and columns are the nodes of a graph and figures left out are its
//! edges: a figure can be computed exactly when its edge is on no circle, so circles are closed with the smallest
//! figures. Only figures above zero are taken for that, since along a circle of such figures each could be one more or
//! one less, and nothing that is shown would be another.

/// Figures by row and column; the last row and the last column hold the totals. None is left out.
pub type Table = Vec<Vec<Option<u64>>>;

/// Leaves out what `is_small` says, and what else it takes. `figures` has the totals in its last row and column.
pub fn suppress(figures: &[Vec<u64>], is_small: impl Fn(usize, usize) -> bool) -> Table {
    let places = || (0..figures.len()).flat_map(|row| (0..figures[row].len()).map(move |column| (row, column)));
    let mut hidden: Vec<Vec<bool>> = figures.iter().map(|row| vec![false; row.len()]).collect();
    let small: Vec<_> = places().filter(|(row, column)| is_small(*row, *column)).collect();
    for (row, column) in &small {
        hidden[*row][*column] = true;
    }
    // What is hidden to hide another lies on that one's circle, and needs none of its own.
    for (row, column) in small {
        for (row, column) in detour(figures, &hidden, row, column) {
            hidden[row][column] = true;
        }
    }
    let shown = |row: usize, column: usize| (!hidden[row][column]).then_some(figures[row][column]);
    (0..figures.len()).map(|row| (0..figures[row].len()).map(|column| shown(row, column)).collect()).collect()
}

/// The figures on the cheapest way from a figure's row to its column without itself: hidden ones cost nothing.
fn detour(figures: &[Vec<u64>], hidden: &[Vec<bool>], row: usize, column: usize) -> Vec<(usize, usize)> {
    let (rows, columns) = (figures.len(), figures.first().map_or(0, Vec::len));
    let mut cost = vec![u64::MAX; rows + columns];
    let mut from = vec![None; rows + columns];
    cost[row] = 0;
    // Bellman and Ford: the graph has a dozen nodes.
    for _ in 0..rows + columns {
        for r in 0..rows {
            for c in 0..columns {
                if (r, c) == (row, column) || figures[r][c] == 0 {
                    continue;
                }
                let price = if hidden[r][c] { 0 } else { figures[r][c] };
                for (a, b) in [(r, rows + c), (rows + c, r)] {
                    let through = cost[a].saturating_add(price);
                    if through < cost[b] {
                        (cost[b], from[b]) = (through, Some((a, (r, c))));
                    }
                }
            }
        }
    }
    let mut way = Vec::new();
    let mut node = rows + column;
    while let Some((before, place)) = from[node] {
        way.push(place);
        node = before;
    }
    way
}
